package transport

import (
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// A small body goes out in one piece with the head of its request: one write, and one packet.
func TestSmallBodyIsSentWithItsHead(t *testing.T) {
	listener, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	first := make(chan string, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			first <- err.Error()
			return
		}
		defer conn.Close()
		b := make([]byte, 64<<10)
		n, _ := conn.Read(b)
		first <- string(b[:n])
		_, _ = conn.Write([]byte("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"))
	}()
	body := `{"n":"` + strings.Repeat("x", 2000) + `"}`
	c, _, _ := client(t, "http://gateway", func(o *Options) { o.Socket = listener.Addr().String() })
	if _, err := c.Do(t.Context(), Request{Method: http.MethodPost, Path: "/key/generate", Body: []byte(body)}); err != nil {
		t.Fatal(err)
	}
	if got := <-first; !strings.HasPrefix(got, "POST /key/generate ") || !strings.HasSuffix(got, body) {
		t.Errorf("the first piece has %d bytes: %.200s", len(got), got)
	}
}
