package doctor

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// refusing is a network on which every step fails with an error.
func refusing(lookup, dial error) Steps {
	return Steps{
		Lookup: func(context.Context, string) ([]string, error) { return []string{"192.0.2.1"}, lookup },
		Dial:   func(context.Context, string, string) (net.Conn, error) { return nil, dial },
	}
}

// blackHole answers nothing, until the time is up.
func blackHole(ctx context.Context, _, _ string) (net.Conn, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

func TestSteps(t *testing.T) {
	op := func(err error) error { return &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", err)} }
	lost := refusing(nil, nil)
	lost.Dial = blackHole
	nameless := refusing(nil, nil)
	nameless.Lookup = func(ctx context.Context, _ string) ([]string, error) {
		<-ctx.Done()
		return nil, &net.DNSError{Err: "i/o timeout", IsTimeout: true}
	}
	for name, c := range map[string]struct {
		steps Steps
		code  problem.Code
		want  string
	}{
		"no such host":   {refusing(&net.DNSError{Err: "no such host", IsNotFound: true}, nil), problem.Unreachable, "https://gateway.invalid cannot be reached: no such host"},
		"no name server": {refusing(&net.DNSError{Err: "server misbehaving"}, nil), problem.Unreachable, "its name cannot be looked up: server misbehaving"},
		"a silent one":   {nameless, problem.TimedOut, "its name could not be looked up in 0 s"},
		"refused":        {refusing(nil, op(syscall.ECONNREFUSED)), problem.Unreachable, "connection refused"},
		"no route":       {refusing(nil, op(syscall.EHOSTUNREACH)), problem.Unreachable, "no route to it"},
		"a black hole":   {lost, problem.TimedOut, "no connection in 0 s"},
		"anything else":  {refusing(nil, errors.New("odd")), problem.Unreachable, "cannot be reached: odd"},
	} {
		t.Run(name, func(t *testing.T) {
			all := examine(t, "https://gateway.invalid", func(g *Gateway, _ *transport.Options) {
				g.Steps, g.Limit, g.KeyNote = c.steps, time.Millisecond, "a note"
			})
			if text := written(all); len(all) != 2 || Worst(all) != c.code || !strings.Contains(text, c.want) || all[0].Hint == "" && name != "anything else" || !strings.Contains(text, "o key: a note") {
				t.Errorf("%d\n%s%s", Worst(all), text, all[0].Hint)
			}
		})
	}
}

// An end from above is not the network's fault.
func TestInterrupted(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	c, err := transport.New(transport.Options{BaseURL: "https://gateway.invalid", Retries: -1})
	if err != nil {
		t.Fatal(err)
	}
	steps := refusing(nil, nil)
	steps.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		stop()
		return blackHole(ctx, network, address)
	}
	all := (&Gateway{Client: c, Now: time.Now, Steps: steps}).Look(ctx)
	if len(all) != 1 || all[0].Code != problem.Interrupted {
		t.Errorf("%+v", all)
	}
}

// certificate is one of its own authority, for 127.0.0.1 unless others are named.
func certificate(t *testing.T, from, to time.Time, names ...string) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: from, NotAfter: to, DNSNames: names,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if len(names) == 0 {
		template.IPAddresses = []net.IP{net.IPv4(127, 0, 0, 1)}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, file
}

func TestTLS(t *testing.T) {
	now, day := time.Now(), 24*time.Hour
	for name, c := range map[string]struct {
		from, to time.Time
		names    []string
		trusted  bool
		versions uint16 // the highest; 0: any
		code     problem.Code
		want     string
	}{
		"well":                 {now.Add(-day), now.Add(90 * day), nil, true, 0, problem.OK, " ms, TLS until 20"},
		"soon over":            {now.Add(-day), now.Add(3*day + time.Hour), nil, true, 0, problem.OK, "w gateway: its TLS certificate ends 20"},
		"an unknown authority": {now.Add(-day), now.Add(90 * day), nil, false, 0, problem.Unreachable, "signed by an unknown authority"},
		"expired":              {now.Add(-9 * day), now.Add(-3*day - time.Hour), nil, true, 0, problem.Unreachable, ", 3 days ago"},
		"not yet":              {now.Add(day), now.Add(9 * day), nil, true, 0, problem.Unreachable, "is valid only from 20"},
		"of another name":      {now.Add(-day), now.Add(90 * day), []string{"a.example", "b.example", "c.example", "d.example"}, true, 0, problem.Unreachable, "is for a.example, b.example, c.example and 1 more, not for 127.0.0.1"},
		"an old version":       {now.Add(-day), now.Add(90 * day), nil, true, tls.VersionTLS11, problem.Unreachable, "only versions of TLS that are not safe"},
	} {
		t.Run(name, func(t *testing.T) {
			pair, ca := certificate(t, c.from, c.to, c.names...)
			s := httptest.NewUnstartedServer(healthy(nil))
			s.Config.ErrorLog = log.New(io.Discard, "", 0)
			s.TLS = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS10, MaxVersion: c.versions}
			s.StartTLS()
			defer s.Close()
			all := examine(t, s.URL, func(_ *Gateway, o *transport.Options) {
				if c.trusted {
					o.TLS.CACert = ca
				}
			})
			if text := written(all); Worst(all) != c.code || !strings.Contains(text, c.want) {
				t.Errorf("%d, no %q in\n%s", Worst(all), c.want, text)
			}
		})
	}
}

// Real sockets, and no injected network.
func TestUnreachable(t *testing.T) {
	secure := httptest.NewUnstartedServer(healthy(nil))
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	defer secure.Close()
	plain := httptest.NewServer(healthy(nil))
	defer plain.Close()
	gone := httptest.NewServer(nil)
	gone.Close()
	for name, c := range map[string]struct{ url, want string }{
		"nobody there": {gone.URL, "cannot be reached: connection refused"},
		"no TLS":       {strings.Replace(plain.URL, "http:", "https:", 1), "it does not speak TLS"},
		"TLS":          {strings.Replace(secure.URL, "https:", "http:", 1), "it speaks TLS, and was asked without"},
	} {
		t.Run(name, func(t *testing.T) {
			all := examine(t, c.url, nil)
			if len(all) != 1 || Worst(all) != problem.Unreachable || !strings.Contains(written(all), c.want) {
				t.Errorf("%d\n%s", Worst(all), written(all))
			}
		})
	}
}

// A server that takes connections and says nothing is told from one that takes none.
func TestSilent(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	for scheme, want := range map[string]string{"http": "it takes connections, and did not answer in 1 s", "https": "it took the connection, and said nothing for 1 s"} {
		t.Run(scheme, func(t *testing.T) {
			all := examine(t, scheme+"://"+silent.Addr().String(), func(g *Gateway, _ *transport.Options) { g.Limit = 600 * time.Millisecond })
			if len(all) != 1 || Worst(all) != problem.TimedOut || !strings.Contains(written(all), want) {
				t.Errorf("%d\n%s", Worst(all), written(all))
			}
		})
	}
}
