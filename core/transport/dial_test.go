package transport

import (
	"context"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// counted is a server that counts its connections.
func counted(t *testing.T, secure bool) (*httptest.Server, *atomic.Int32) {
	t.Helper()
	var opened atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Proto) }))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	if secure {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s, &opened
}

// caOf writes the certificate of a server to a file.
func caOf(t *testing.T, s *httptest.Server) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(name, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestPreconnect(t *testing.T) {
	for _, secure := range []bool{false, true} {
		s, opened := counted(t, secure)
		c, _, _ := client(t, s.URL, func(o *Options) {
			if secure {
				o.TLS.CACert = caOf(t, s)
			}
		})
		c.Preconnect(t.Context())
		c.Preconnect(t.Context())
		for range 3 {
			resp, err := c.Do(t.Context(), get)
			if err != nil || string(resp.Body) != "HTTP/1.1" {
				t.Fatal(resp, err)
			}
		}
		if n := opened.Load(); n != 1 {
			t.Errorf("secure %t: %d connections", secure, n)
		}
	}
}

func TestPreconnectThatWaited(t *testing.T) {
	for _, secure := range []bool{false, true} {
		s, opened := counted(t, secure)
		c, _, _ := client(t, s.URL, func(o *Options) {
			if secure {
				o.TLS.CACert = caOf(t, s)
			}
		})
		c.Preconnect(t.Context())
		<-c.ready.slot.done
		s.CloseClientConnections()
		c.ready.slot.at = time.Now().Add(-time.Hour)
		if _, err := c.Do(t.Context(), write); err != nil {
			t.Error(err)
		}
		if n := opened.Load(); n != 2 {
			t.Errorf("%d connections", n)
		}
	}
	// Closed in the meantime, though not old.
	for _, secure := range []bool{false, true} {
		s, _ := counted(t, secure)
		c, _, _ := client(t, s.URL, func(o *Options) {
			if secure {
				o.TLS.CACert = caOf(t, s)
			}
		})
		c.Preconnect(t.Context())
		<-c.ready.slot.done
		s.CloseClientConnections()
		time.Sleep(20 * time.Millisecond)
		if _, err := c.Do(t.Context(), write); err != nil {
			t.Error(secure, err)
		}
	}
}

func TestPreconnectFails(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	c, _, _ := client(t, "http://"+address, nil)
	c.Preconnect(t.Context())
	<-c.ready.slot.done
	if l, err = net.Listen("tcp", address); err != nil {
		t.Skip(err)
	}
	go func() { _ = http.Serve(l, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})) }()
	defer l.Close()
	if _, err := c.Do(t.Context(), get); err != nil {
		t.Error(err)
	}

	// Cancelled with its context, before any request.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c, _, _ = client(t, "http://"+address, nil)
	c.Preconnect(ctx)
	if _, err := c.Do(t.Context(), get); err != nil {
		t.Error(err)
	}
}

func TestCertificates(t *testing.T) {
	s, _ := counted(t, true)
	c, _, _ := client(t, s.URL, nil)
	e := fails(t, c, write)
	if e.Code != problem.Unreachable || e.State != problem.Unchanged {
		t.Errorf("%+v", e)
	}
	has(t, "message", e.Message, "unknown authority")
	has(t, "hint", e.Hint, "--ca-cert")
	ca := caOf(t, s)
	c, _, _ = client(t, strings.Replace(s.URL, "127.0.0.1", "localhost", 1), func(o *Options) { o.TLS.CACert = ca })
	if e := fails(t, c, write); !strings.Contains(e.Message, "another name") {
		t.Errorf("%+v", e)
	}
	c, _, _ = client(t, strings.Replace(s.URL, "https", "http", 1), nil)
	if e := fails(t, c, write); e.Status != 400 {
		t.Errorf("%+v", e)
	}
	for _, name := range []string{"/does/not/exist", os.Args[0]} {
		if _, err := New(Options{BaseURL: s.URL, TLS: TLS{CACert: name}}); problem.CodeOf(err) != problem.Usage {
			t.Error(err)
		}
	}
}

// TestAddressInCertificate checks an address like a name: crypto/tls knows no server's name for one.
func TestAddressInCertificate(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.2:0")
	if err != nil {
		t.Skipf("no second address of this machine: %v", err)
	}
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	_ = s.Listener.Close()
	s.Listener = listener
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	ca := caOf(t, s)
	c, _, _ := client(t, s.URL, func(o *Options) { o.TLS.CACert = ca })
	e := fails(t, c, write)
	if e.Code != problem.Unreachable || e.State != problem.Unchanged || !strings.Contains(e.Message, "another name") {
		t.Errorf("%+v", e)
	}
}

func TestSocket(t *testing.T) {
	dir, err := os.MkdirTemp("", "s")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	socket := filepath.Join(dir, "g.sock")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Skip(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Host) })}
	go func() { _ = server.Serve(l) }()
	defer server.Close()
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	c, _, _ := client(t, "http://sandbox.example", func(o *Options) { o.Socket = socket; o.KeyFrom = "the sandbox" })
	c.Preconnect(t.Context())
	for range 2 {
		resp, err := c.Do(t.Context(), get)
		if err != nil || string(resp.Body) != "sandbox.example" {
			t.Fatal(resp, err)
		}
	}
	c, _, _ = client(t, "http://sandbox", func(o *Options) { o.Socket = filepath.Join(dir, "none") })
	e := fails(t, c, get)
	has(t, "message", e.Message, "socket")
}

func TestLoopbackNeedsNoProxy(t *testing.T) {
	p := proxyFor("")
	for _, host := range []string{"localhost", "127.0.0.1", "127.1.2.3", "[::1]", "LOCALHOST.", "x.localhost"} {
		r, err := http.NewRequest("GET", "http://"+host+":4000/", nil)
		if err != nil {
			t.Fatal(err)
		}
		if u, err := p(r); u != nil || err != nil {
			t.Error(host, u, err)
		}
	}
	if isLoopback("localhost.evil.example") || isLoopback("10.0.0.1") {
		t.Error("not loopback")
	}
}
