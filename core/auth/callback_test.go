package auth

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/litellm-proxy/litellm-proxy/core/redact"
)

const goodState = "c3RhdGUtb2YtdGhpcy1zaWduLWlu"

// listening is a callback that waits on a real port.
func listening(t *testing.T) *callback {
	t.Helper()
	l := &Login{Redact: &redact.Redactor{}}
	c, err := l.listenForCallback(t.Context(), goodState)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	return c
}

// TestCallback: only a browser that brings the right state ends the wait, and whatever comes before it does not.
func TestCallback(t *testing.T) {
	c := listening(t)
	if host, _, err := net.SplitHostPort(c.host); err != nil || host != "127.0.0.1" {
		t.Fatalf("it listens on %s", c.host)
	}
	right := "state=" + goodState
	for name, r := range map[string]struct {
		method, host, target string
		status               int
	}{
		"another path":       {"GET", "", "/", 404},
		"an icon":            {"GET", "", "/favicon.ico", 404},
		"a longer path":      {"GET", "", "/callback/x?code=1&" + right, 404},
		"another method":     {"POST", "", "/callback?code=1&" + right, 404},
		"looking ahead":      {"HEAD", "", "/callback?code=1&" + right, 404},
		"another host":       {"GET", "evil.example", "/callback?code=1&" + right, 404},
		"another name":       {"GET", strings.Replace(c.host, "127.0.0.1", "localhost", 1), "/callback?code=1&" + right, 404},
		"no state":           {"GET", "", "/callback?code=1", 400},
		"a wrong state":      {"GET", "", "/callback?code=1&state=x" + goodState, 400},
		"a shorter state":    {"GET", "", "/callback?code=1&state=" + goodState[1:], 400},
		"an empty state":     {"GET", "", "/callback?code=1&state=", 400},
		"two states":         {"GET", "", "/callback?code=1&" + right + "&state=x", 400},
		"neither":            {"GET", "", "/callback?" + right, 400},
		"an empty code":      {"GET", "", "/callback?code=&" + right, 400},
		"two codes":          {"GET", "", "/callback?code=1&code=2&" + right, 400},
		"a denial of others": {"GET", "", "/callback?error=access_denied&state=x", 400},
		"a damaged query":    {"GET", "", "/callback?code=%zz&" + right, 400},
	} {
		req, err := http.NewRequestWithContext(t.Context(), r.method, "http://"+c.host+r.target, nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.host != "" {
			req.Host = r.host
		}
		resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != r.status {
			t.Errorf("%s: %d", name, resp.StatusCode)
		}
		select {
		case o := <-c.outcome:
			t.Fatalf("%s ended the wait: %+v", name, o)
		default:
		}
	}
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request(t, c.uri()+"?code=llm_gcode_1&"+right))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	for name, want := range map[string]string{"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if o := <-c.outcome; resp.StatusCode != 200 || o.code != "llm_gcode_1" || o.refused != "" {
		t.Errorf("%d %+v", resp.StatusCode, o)
	}
	// A second one is told so, while the listener lives.
	w := httptest.NewRecorder()
	again := request(t, c.uri()+"?code=llm_gcode_2&"+right)
	if c.serve(w, again); w.Code != 400 || !strings.Contains(w.Body.String(), "already") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	c.close()
	if conn, err := net.Dial("tcp", c.host); err == nil {
		conn.Close()
		t.Error("the port is still open")
	}
	if c.server.ReadHeaderTimeout != headerTime || headerTime.Seconds() != 5 {
		t.Error("a connection may say nothing for ever")
	}
}

func request(t *testing.T, address string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestPaste: a pasted address is taken only if it is the one that this sign-in waits for, and the answer says what is wrong
// without repeating it.
func TestPaste(t *testing.T) {
	const code = "llm_gcode_VeryLongSecretValue"
	for name, c := range map[string]struct{ text, wrong string }{
		"right":                  {"URI?code=" + code + "&state=" + goodState, ""},
		"in quotes and spaces":   {"  \"URI?code=" + code + "&state=" + goodState + "\" \n", ""},
		"without http://":        {"HOST/callback?state=" + goodState + "&code=" + code, ""},
		"a denial":               {"URI?error=access_denied&state=" + goodState, ""},
		"no address":             {"http://[", "no address"},
		"words":                  {"what do you want?", "no address"},
		"the gateway's":          {"https://llm.example.com/authorize?code=" + code, "not an address of this machine"},
		"by another name":        {"http://localhost:4000/callback?code=" + code + "&state=" + goodState, "not an address of this machine"},
		"with a user":            {"http://u:p@HOST/callback?code=" + code + "&state=" + goodState, "not an address of this machine"},
		"of another port":        {"http://127.0.0.1:1/callback?code=" + code + "&state=" + goodState, `its port is "1"`},
		"of another path":        {"http://HOST/?code=" + code + "&state=" + goodState, "another path"},
		"of another sign-in":     {"URI?code=" + code + "&state=other", "of another sign-in"},
		"cut before the state":   {"URI?code=" + code, "no state"},
		"cut before the code":    {"URI?state=" + goodState, "no code"},
		"with a terminal escape": {"URI?code=\x1b[31m" + code + "&state=" + goodState, "no address"},
	} {
		t.Run(name, func(t *testing.T) {
			l := listening(t)
			text := strings.NewReplacer("URI", l.uri(), "HOST", l.host).Replace(c.text)
			wrong := l.paste(text)
			if c.wrong == "" && wrong != "" || c.wrong != "" && !strings.Contains(wrong, c.wrong) || strings.Contains(wrong, code) {
				t.Errorf("%q", wrong)
			}
			if (wrong == "") != (len(l.outcome) == 1) {
				t.Error("what it says is not what it did")
			}
		})
	}
}

// A person whose browser runs elsewhere pastes what it ended at; a wrong address is answered, and another one is taken.
func TestSignInByPaste(t *testing.T) {
	g := newFake(t)
	p := &person{pastes: make(chan string, 4)}
	p.visit = func(address, code string) error {
		to := g.browse(address, code)
		p.pastes <- ""
		p.pastes <- address
		p.pastes <- strings.Replace(to, "state=", "state=x", 1)
		p.pastes <- to
		return nil
	}
	l, _, _ := login(t, g, p, noBrowser, forced)
	s, err := l.Run(t.Context())
	if err != nil || s.Flow != PKCE {
		t.Fatal(text(err))
	}
	uri, state := callbackOf(p.visited[0])
	for _, want := range []string{"copy that address and paste it here", "its port is", "its state is of another sign-in", "it begins with " + uri + "?"} {
		if !strings.Contains(p.heard(), want) {
			t.Errorf("%q is not in %q", want, p.heard())
		}
	}
	if strings.Count(p.heard(), "Paste the whole address") != 2 || strings.Contains(p.heard(), state) {
		t.Error(p.heard())
	}
}

// A person who gives up at the paste ends the sign-in, with the person's own error.
func TestGivesUpPasting(t *testing.T) {
	g := newFake(t)
	l, _, _ := login(t, g, &person{}, forced)
	l.Person = &quitter{person: person{}}
	_, err := l.Run(t.Context())
	fails(t, err, 1, "enough")
}

type quitter struct{ person }

func (*quitter) Pasted(context.Context) (string, error) { return "", errEnough }

// FuzzPaste: whatever is pasted, nothing but the right state is taken, and nothing that is said holds a secret of it.
func FuzzPaste(f *testing.F) {
	c := &callback{host: "127.0.0.1:4567", state: goodState, outcome: make(chan outcome, 1)}
	for _, s := range []string{"", "x", "http://127.0.0.1:4567/callback?code=llm_gcode_1&state=" + goodState, "127.0.0.1:4567/callback?error=access_denied", "http://127.0.0.1:4567/callback?code=%zz&state=a;b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c.over = false
		wrong := c.paste(s)
		if strings.ContainsAny(wrong, "\x1b\r\n") {
			t.Errorf("%q", wrong)
		}
		if wrong != "" {
			return
		}
		<-c.outcome
		if unescaped, _ := url.QueryUnescape(s); !strings.Contains(unescaped, goodState) {
			t.Errorf("%q was taken", s)
		}
	})
}
