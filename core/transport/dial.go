package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

// fresh is how long a connection that was opened beforehand may wait for its first request: servers close idle ones.
const fresh = 3 * time.Second

// warm dials for the HTTP transport, and hands out once the connection that was opened before the first request came.
type warm struct {
	socket string
	secure *tls.Config

	mu   sync.Mutex
	slot *early
}

// early is a connection that is being opened, or has been.
type early struct {
	address string
	secure  bool
	done    chan struct{}
	// Set before done is closed.
	conn net.Conn
	at   time.Time
}

// dialError marks a failure before anything was sent.
type dialError struct{ err error }

func (e *dialError) Error() string { return e.err.Error() }
func (e *dialError) Unwrap() error { return e.err }

// Preconnect opens one connection in the background, with TLS where the URL asks for it, and sends no request. The first
// request takes it. Whatever goes wrong here goes unnoticed: the request then dials for itself.
func (c *Client) Preconnect(ctx context.Context) {
	if c.o.Socket == "" && !isLoopback(c.url.Hostname()) {
		if p, err := http.ProxyFromEnvironment(&http.Request{URL: c.url}); err != nil || p != nil {
			return
		}
	}
	secure := c.url.Scheme == "https"
	e := &early{address: address(c.url.Hostname(), c.url.Port(), secure), secure: secure, done: make(chan struct{})}
	w := c.ready
	w.mu.Lock()
	if w.slot != nil {
		w.mu.Unlock()
		return
	}
	w.slot = e
	w.mu.Unlock()
	go func() {
		defer close(e.done)
		ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
		defer cancel()
		conn, err := w.open(ctx, e.address, e.secure)
		if err == nil {
			e.conn, e.at = conn, time.Now()
		}
	}()
}

func address(host, port string, secure bool) string {
	if port == "" {
		port = "80"
		if secure {
			port = "443"
		}
	}
	return net.JoinHostPort(host, port)
}

func (w *warm) dial(ctx context.Context, _, address string) (net.Conn, error) {
	return w.take(ctx, address, false)
}

func (w *warm) dialTLS(ctx context.Context, _, address string) (net.Conn, error) {
	return w.take(ctx, address, true)
}

// take returns the connection opened beforehand if it is one to this address and still good, or opens another.
func (w *warm) take(ctx context.Context, address string, secure bool) (net.Conn, error) {
	w.mu.Lock()
	e := w.slot
	if e != nil && (e.address != address || e.secure != secure) {
		e = nil
	}
	if e != nil {
		w.slot = nil
	}
	w.mu.Unlock()
	if e != nil {
		select {
		case <-e.done:
			if e.conn != nil && time.Since(e.at) < fresh && alive(e.conn) {
				return e.conn, nil
			}
			e.discard()
		case <-ctx.Done():
			go e.discard()
			return nil, &dialError{ctx.Err()}
		}
	}
	conn, err := w.open(ctx, address, secure)
	if err != nil {
		return nil, &dialError{err}
	}
	return conn, nil
}

// close gives up a connection nobody has taken.
func (w *warm) close() {
	w.mu.Lock()
	e := w.slot
	w.slot = nil
	w.mu.Unlock()
	if e != nil {
		go e.discard()
	}
}

func (e *early) discard() {
	<-e.done
	if e.conn != nil {
		e.conn.Close()
	}
}

// open dials and, when secure, shakes hands.
func (w *warm) open(ctx context.Context, address string, secure bool) (net.Conn, error) {
	d := net.Dialer{Timeout: 10 * time.Second}
	network := "tcp"
	target := address
	if w.socket != "" {
		network, target = "unix", w.socket
	}
	conn, err := d.DialContext(ctx, network, target)
	if err != nil || !secure {
		return conn, err
	}
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		conn.Close()
		return nil, err
	}
	c := w.secure.Clone()
	c.ServerName = host
	t := tls.Client(conn, c)
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if err := t.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, err
	}
	return t, nil
}

// alive says whether a connection that has carried no request is still open at the other end. What arrives on one with
// TLS is mostly session tickets, which a read takes in.
func alive(conn net.Conn) bool {
	under := conn
	if t, ok := conn.(*tls.Conn); ok {
		under = t.NetConn()
	}
	if !waiting(under) {
		return true
	}
	if conn.SetReadDeadline(time.Now().Add(200*time.Microsecond)) != nil {
		return false
	}
	var b [1]byte
	_, err := conn.Read(b[:])
	var e net.Error
	return errors.As(err, &e) && e.Timeout() && conn.SetReadDeadline(time.Time{}) == nil
}
