package transport

import (
	"crypto/tls"
	"crypto/x509"
	"os"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// TLS names the files that a secure connection needs beside the system's certificates. All are PEM; all may be empty.
type TLS struct {
	CACert     string // certificates that are trusted too
	ClientCert string // the certificate that is shown to the gateway, with its intermediates
	ClientKey  string // its key
}

// config trusts the system's certificates, and those of CACert besides them, for one host: a name or an address.
func (o TLS) config(host string) (*tls.Config, error) {
	c := &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}, ClientSessionCache: tls.NewLRUClientSessionCache(8)}
	if o.ClientCert != "" {
		pair, err := tls.LoadX509KeyPair(o.ClientCert, o.ClientKey)
		if err != nil {
			return nil, problem.Wrap(problem.Usage, err, "cannot use the client certificate %s with the key %s", o.ClientCert, o.ClientKey)
		}
		c.Certificates = []tls.Certificate{pair}
	}
	if o.CACert == "" {
		return c, nil
	}
	pem, err := os.ReadFile(o.CACert)
	if err != nil {
		return nil, problem.Wrap(problem.Usage, err, "cannot read the CA certificates")
	}
	own := x509.NewCertPool()
	if !own.AppendCertsFromPEM(pem) {
		return nil, problem.New(problem.Usage, "%s holds no certificate in PEM form", o.CACert)
	}
	// The file is tried first: reading the system's store costs as much as a whole command. InsecureSkipVerify turns off
	// the check that knows one pool only; the connection is verified here, on resumption too.
	c.InsecureSkipVerify = true
	c.VerifyConnection = func(s tls.ConnectionState) error {
		err := verify(s, own, host)
		if err == nil {
			return nil
		}
		if system := verify(s, nil, host); system == nil {
			return nil
		}
		return err
	}
	return c, nil
}

// verify checks a server's certificates as crypto/tls does by itself; nil roots are the system's. The host is not taken
// from the connection, which knows no name when it is an address.
func verify(s tls.ConnectionState, roots *x509.CertPool, host string) error {
	o := x509.VerifyOptions{DNSName: host, Roots: roots, Intermediates: x509.NewCertPool()}
	for _, c := range s.PeerCertificates[1:] {
		o.Intermediates.AddCert(c)
	}
	_, err := s.PeerCertificates[0].Verify(o)
	if err != nil {
		return &tls.CertificateVerificationError{UnverifiedCertificates: s.PeerCertificates, Err: err}
	}
	return nil
}
