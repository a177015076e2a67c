package transport

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// clientPair makes a certificate of a client, in two files.
func clientPair(t *testing.T) (cert *x509.Certificate, certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "ops"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for name, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: raw}, keyFile: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if cert, err = x509.ParseCertificate(raw); err != nil {
		t.Fatal(err)
	}
	return cert, certFile, keyFile
}

// A gateway that asks for a certificate gets the one of the configuration, on a connection opened beforehand too.
func TestClientCertificate(t *testing.T) {
	cert, certFile, keyFile := clientPair(t)
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%q", r.TLS.PeerCertificates[0].Subject.CommonName)
	}))
	pool := x509.NewCertPool()
	pool.AddCert(cert)
	s.TLS = &tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool}
	s.StartTLS()
	t.Cleanup(s.Close)
	ca := caOf(t, s)
	for _, warm := range []bool{false, true} {
		c, _, _ := client(t, s.URL, func(o *Options) { o.TLS = TLS{ca, certFile, keyFile} })
		if warm {
			c.Preconnect(t.Context())
		}
		if resp, err := c.Do(t.Context(), get); err != nil || string(resp.Body) != `"ops"` {
			t.Errorf("%v %v", resp, err)
		}
	}
	without, _, _ := client(t, s.URL, func(o *Options) { o.TLS, o.Retries = TLS{CACert: ca}, -1 })
	for range 100 { // the server's word may come too late, behind the end of the connection
		e := fails(t, without, write)
		if e.Code != problem.Unreachable {
			t.Fatalf("%+v", e)
		}
		if strings.Contains(e.Message, "wants another client certificate") {
			if e.State != problem.Unchanged || !strings.Contains(e.Hint, "client_cert") {
				t.Errorf("%+v", e)
			}
			return
		}
	}
	t.Error("nobody says that a certificate is missing")
}

// Files that are no pair are refused before anything is sent.
func TestClientCertificateFiles(t *testing.T) {
	_, cert, key := clientPair(t)
	for _, files := range []TLS{{"", cert, cert}, {"", filepath.Join(t.TempDir(), "none"), key}, {"", key, cert}} {
		if _, err := New(Options{BaseURL: "https://llm.example.com", TLS: files}); problem.CodeOf(err) != problem.Usage {
			t.Errorf("%+v: %v", files, err)
		}
	}
}
