package transport

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// raw serves connections byte by byte.
func raw(t *testing.T, h func(c net.Conn, n int)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for n := 1; ; n++ {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
				if r, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
					_, _ = io.Copy(io.Discard, r.Body) // all of it: a close with something unread would reset the connection
				}
				h(c, n)
			}()
		}
	}()
	return "http://" + l.Addr().String()
}

func TestBrokenConnections(t *testing.T) {
	ok := "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]"
	for name, broken := range map[string]string{
		"closed":    "",
		"truncated": "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[1,2",
		"chunk cut": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1,2",
		"headers":   "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n",
	} {
		url := raw(t, func(c net.Conn, n int) {
			if n == 1 {
				fmt.Fprint(c, broken)
			} else {
				fmt.Fprint(c, ok)
			}
		})
		c, _, _ := client(t, url, nil)
		if resp, err := c.Do(t.Context(), get); err != nil || string(resp.Body) != "[]" {
			t.Errorf("%s: %v", name, err)
		}
		var n atomic.Int32
		url = raw(t, func(c net.Conn, _ int) { n.Add(1); fmt.Fprint(c, broken) })
		c, _, _ = client(t, url, nil)
		e := fails(t, c, write)
		if e.Code != problem.Unreachable || e.State != problem.Unknown || n.Load() != 1 {
			t.Errorf("%s: %d × %+v", name, n.Load(), e)
		}
		if name == "truncated" {
			has(t, name, e.Message, "cut off")
		}
	}
}

func TestStalledBody(t *testing.T) {
	url := raw(t, func(c net.Conn, _ int) {
		fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[1,")
		time.Sleep(2 * time.Second)
	})
	c, _, _ := client(t, url, func(o *Options) { o.Idle = 60 * time.Millisecond })
	began := time.Now()
	e := fails(t, c, get)
	if e.Code != problem.TimedOut || time.Since(began) > time.Second {
		t.Errorf("%+v", e)
	}
	has(t, "message", e.Message, "sent nothing for 60 ms")
	if e := fails(t, c, write); e.State != problem.Unknown {
		t.Errorf("%+v", e)
	}
}

// A slow answer is not a stalled one.
func TestSlowBody(t *testing.T) {
	url := raw(t, func(c net.Conn, _ int) {
		fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n")
		for range 8 {
			time.Sleep(60 * time.Millisecond)
			fmt.Fprint(c, "1")
		}
	})
	c, _, _ := client(t, url, func(o *Options) { o.Idle = 300 * time.Millisecond })
	if _, err := c.Do(t.Context(), get); err != nil {
		t.Error(err)
	}
}

func TestUnreachable(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	c, _, waits := client(t, "http://"+address, nil)
	e := fails(t, c, write)
	if e.Code != problem.Unreachable || e.State != problem.Unchanged || !e.Retryable {
		t.Errorf("%+v", e)
	}
	has(t, "message", e.Message, "http://"+address+" cannot be reached: connection refused")
	if fails(t, c, get); len(*waits) != 0 {
		t.Error("waited for a gateway that has never answered")
	}
	c.reached.Store(true)
	if e := fails(t, c, get); len(*waits) != 4 || e.State != "" {
		t.Error(*waits, e)
	}
}

func TestPlainHTTPToTLS(t *testing.T) {
	url := raw(t, func(c net.Conn, _ int) { fmt.Fprint(c, "HTTP/1.1 400 Bad Request\r\n\r\n") })
	c, _, _ := client(t, strings.Replace(url, "http", "https", 1), nil)
	e := fails(t, c, write)
	has(t, "message", e.Message, "does not speak TLS")
	has(t, "hint", e.Hint, "http://")
	if e.State != problem.Unchanged {
		t.Errorf("%+v", e)
	}
}

func TestStream(t *testing.T) {
	next := make(chan struct{})
	g := serve(t, func(w http.ResponseWriter, r *http.Request, n int) {
		if n == 1 {
			w.WriteHeader(400)
			fmt.Fprint(w, `{"error":{"message":"Invalid model name","type":"invalid_request_error","param":null,"code":"400"}}`)
			return
		}
		fmt.Fprint(w, "data: 1\n\n")
		w.(http.Flusher).Flush()
		<-next
		if n == 3 {
			panic(http.ErrAbortHandler)
		}
		fmt.Fprint(w, "data: [DONE]\n\n")
	})
	c, _, _ := client(t, g.URL, nil)
	chat := Request{Method: "POST", Path: "/chat/completions", Body: []byte(`{}`), Stream: true, Attempt: "chat"}
	if e := fails(t, c, chat); e.Code != problem.Refused || e.State != "" {
		t.Errorf("%+v", e)
	}
	for i, broken := range []bool{false, true} {
		resp, err := c.Do(t.Context(), chat)
		if err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 100)
		n, _ := resp.Stream.Read(b)
		if string(b[:n]) != "data: 1\n\n" {
			t.Errorf("%q", b[:n])
		}
		next <- struct{}{}
		rest, err := io.ReadAll(resp.Stream)
		if broken != (err != nil) || !broken && string(rest) != "data: [DONE]\n\n" {
			t.Errorf("%d: %q %v", i, rest, err)
		}
		if broken && problem.CodeOf(err) != problem.Unreachable {
			t.Error(err)
		}
		resp.Stream.Close()
		resp.Stream.Close()
	}
}
