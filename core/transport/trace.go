package transport

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/litellm-proxy/litellm-proxy/core/redact"
	"github.com/litellm-proxy/litellm-proxy/core/term"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// maxTraced is how much of a body a trace shows.
const maxTraced = 8 << 10

// tracer prints requests and answers for --debug, one Write a block.
type tracer struct {
	mu     sync.Mutex
	w      io.Writer // nil: nothing is printed
	redact *redact.Redactor
}

func (t *tracer) request(r *http.Request, body []byte) {
	if t.w == nil {
		return
	}
	var b strings.Builder
	fmt.Fprintf(&b, "> %s %s\n", r.Method, requestURI(r.URL))
	fmt.Fprintf(&b, "> Host: %s\n", r.Host)
	headers(&b, "> ", r.Header)
	t.body(&b, "> ", r.Header, body)
	t.print(b.String())
}

func (t *tracer) response(r *http.Response, body []byte, d time.Duration, stream bool) {
	if t.w == nil {
		return
	}
	var b strings.Builder
	fmt.Fprintf(&b, "< %s %s\n", r.Status, short(d))
	headers(&b, "< ", r.Header)
	if stream {
		b.WriteString("< (the body follows as it arrives)\n")
	} else {
		t.body(&b, "< ", r.Header, body)
	}
	t.print(b.String())
}

func (t *tracer) failure(e *problem.Error, d time.Duration) {
	if t.w != nil {
		t.print(fmt.Sprintf("< no answer %s: %s\n", short(d), e.Message))
	}
}

// print redacts a block, makes what steers a terminal harmless, and writes it. A trace that cannot be written is lost.
func (t *tracer) print(block string) {
	block = term.Visible(t.redact.String(block))
	t.mu.Lock()
	defer t.mu.Unlock()
	_, _ = io.WriteString(t.w, block)
}

// requestURI is the target as it is sent, with the values of secret parameters masked.
func requestURI(u *url.URL) string {
	s := u.EscapedPath()
	if u.RawQuery == "" {
		return s
	}
	pairs := strings.Split(u.RawQuery, "&")
	for i, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		plainName, err := url.QueryUnescape(name)
		if err != nil {
			plainName = name
		}
		if plainValue, err := url.QueryUnescape(value); err != nil || redact.IsSecret(plainName, plainValue) {
			pairs[i] = name + "=[hidden]"
		}
	}
	return s + "?" + strings.Join(pairs, "&")
}

func (t *tracer) body(b *strings.Builder, mark string, h http.Header, body []byte) {
	if len(body) == 0 {
		return
	}
	text, ok := compact(body)
	switch {
	case ok:
	case !utf8.Valid(body[:min(len(body), 512)]) || bytes.IndexByte(body[:min(len(body), 512)], 0) >= 0:
		fmt.Fprintf(b, "%s(%d bytes of %s)\n", mark, len(body), orDefault(h.Get("Content-Type"), "something"))
		return
	default:
		// A secret that the cut would split is found in what is not cut yet.
		text = t.redact.String(string(body[:min(len(body), 2*maxTraced)]))
		if isForm(h) {
			text = strings.TrimPrefix(requestURI(&url.URL{RawQuery: text}), "?")
		}
	}
	cut := ""
	if text = t.redact.String(text); len(text) > maxTraced {
		text = strings.ToValidUTF8(text[:maxTraced], "")
		cut = fmt.Sprintf("%s… (%d bytes in all)\n", mark, len(body))
	}
	for line := range strings.Lines(text) {
		fmt.Fprintf(b, "%s%s\n", mark, strings.TrimRight(line, "\r\n"))
	}
	b.WriteString(cut)
}

// compact returns the beginning of a JSON document without white space and with its secret members masked; false if it
// is not JSON.
func compact(body []byte) (string, bool) {
	if body[0] != '{' && body[0] != '[' && body[0] != '"' {
		return "", false
	}
	d := jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	var out bytes.Buffer
	e := jsontext.NewEncoder(&out, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true), jsontext.Multiline(false))
	var names []string // of the member that is open at each depth; an array's elements have the array's
	for out.Len() <= 2*maxTraced {
		kind, length := d.StackIndex(d.StackDepth())
		depth := d.StackDepth()
		t, err := d.ReadToken()
		if errors.Is(err, io.EOF) {
			return strings.TrimSpace(out.String()), true
		}
		if err != nil {
			return "", false
		}
		for len(names) <= depth {
			names = append(names, "")
		}
		switch {
		case kind == '{' && length%2 == 0 && t.Kind() == '"':
			names[depth] = t.String()
		case t.Kind() == '[' || t.Kind() == '{':
			inner := ""
			if t.Kind() == '[' {
				inner = names[depth]
			}
			names = append(names[:depth+1], inner)
		case t.Kind() == '"' && (redact.IsSecret(names[depth], t.String()) || below(names[:depth+1], "credential_values")):
			t = jsontext.String("[hidden]")
		}
		if e.WriteToken(t) != nil {
			return "", false
		}
	}
	return out.String(), true
}

// below says whether a member called name is open.
func below(names []string, name string) bool {
	return slices.Contains(names[:max(0, len(names)-1)], name)
}
