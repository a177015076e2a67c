package script

import (
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dop251/goja"
)

// timer is one of setTimeout's or setInterval's. It keeps its item, as a promise does.
type timer struct {
	timer *time.Timer
	gone  bool
}

// longestTimer is what a longer one is cut to, as elsewhere: 2^31-1 ms.
const longestTimer = (1<<31 - 1) * time.Millisecond

// setTimer(f, ms, repeat) returns the timer's number.
func (s *session) setTimer(call goja.FunctionCall) goja.Value {
	f, _ := goja.AssertFunction(call.Argument(0))
	ms, repeat := call.Argument(1).ToFloat(), call.Argument(2).ToBoolean()
	wait := time.Duration(max(0, min(ms, float64(longestTimer/time.Millisecond))) * float64(time.Millisecond))
	if repeat {
		wait = max(wait, time.Millisecond)
	}
	at, t := s.scope, &timer{}
	s.timers.last++
	id := s.timers.last
	s.timers.set[id] = t
	s.loop.pending++ // until it has run for the last time, or is cleared
	fire := func() {
		s.loop.post(func() {
			if t.gone {
				return
			}
			if !repeat {
				s.clear(id)
			}
			s.call(at, f)
			if repeat && !t.gone {
				t.timer.Reset(wait)
			}
		})
	}
	t.timer = time.AfterFunc(wait, fire)
	return s.vm.ToValue(id)
}

func (s *session) clearTimer(call goja.FunctionCall) goja.Value {
	s.clear(call.Argument(0).ToInteger())
	return goja.Undefined()
}

func (s *session) clear(id int64) {
	if t := s.timers.set[id]; t != nil {
		t.gone = true
		t.timer.Stop()
		delete(s.timers.set, id)
		s.loop.pending--
	}
}

// timers are those that are set.
type timers struct {
	last int64
	set  map[int64]*timer
}

// say(text) writes to standard error.
func (s *session) say(call goja.FunctionCall) goja.Value {
	if !s.describing {
		text := call.Argument(0).String()
		s.loop.outside(func() { s.host.Say(text) })
	}
	return goja.Undefined()
}

// inspect shows a value as console does.
func (s *session) inspect(v goja.Value) string {
	text, err := s.prelude.inspect(goja.Undefined(), v)
	if err != nil {
		return "something"
	}
	return text.String()
}

// encodeUTF8(text) returns an ArrayBuffer.
func (s *session) encodeUTF8(call goja.FunctionCall) goja.Value {
	return s.vm.ToValue(s.vm.NewArrayBuffer([]byte(strings.ToValidUTF8(call.Argument(0).String(), "\uFFFD"))))
}

// decodeUTF8(buffer, offset, length, fatal) returns a text.
func (s *session) decodeUTF8(call goja.FunctionCall) goja.Value {
	buffer, ok := call.Argument(0).Export().(goja.ArrayBuffer)
	if !ok {
		panic(s.vm.NewTypeError("decode needs bytes"))
	}
	from, n := call.Argument(1).ToInteger(), call.Argument(2).ToInteger()
	raw := buffer.Bytes()
	if from < 0 || n < 0 || from+n > int64(len(raw)) {
		panic(s.vm.NewTypeError("decode needs bytes"))
	}
	raw = raw[from : from+n]
	if call.Argument(3).ToBoolean() && !utf8.Valid(raw) {
		panic(s.vm.NewTypeError("the bytes are not UTF-8"))
	}
	return s.vm.ToValue(strings.TrimPrefix(strings.ToValidUTF8(string(raw), "\uFFFD"), "\uFEFF"))
}

// parseURL(url, base) returns the parts of a URL; base may be empty.
func (s *session) parseURL(call goja.FunctionCall) goja.Value {
	text := strings.TrimSpace(call.Argument(0).String())
	invalid := func() *goja.Object { return s.vm.NewTypeError("Invalid URL: %s", shorten(text)) }
	u, err := url.Parse(text)
	if err != nil {
		panic(invalid())
	}
	if base := strings.TrimSpace(call.Argument(1).String()); base != "" {
		b, err := url.Parse(base)
		if err != nil || b.Scheme == "" {
			panic(s.vm.NewTypeError("Invalid base URL: %s", shorten(base)))
		}
		u = b.ResolveReference(u)
	}
	web := map[string]string{"http": "80", "https": "443", "ws": "80", "wss": "443", "ftp": "21"}
	standard, isWeb := web[u.Scheme]
	if u.Scheme == "" || isWeb && u.Hostname() == "" {
		panic(invalid())
	}
	port := u.Port()
	if port == standard {
		port = ""
	}
	host := u.Hostname()
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	path := u.EscapedPath()
	if isWeb && path == "" {
		path = "/"
	}
	prefixed := func(prefix, text string) string {
		if text == "" {
			return ""
		}
		return prefix + text
	}
	user, password, _ := strings.Cut(u.User.String(), ":")
	parts := s.vm.NewObject()
	for name, text := range map[string]string{
		"protocol": u.Scheme + ":", "username": user, "password": password, "hostname": strings.ToLower(host), "port": port, "pathname": path,
		"search": prefixed("?", strings.ReplaceAll(u.RawQuery, " ", "%20")), "hash": prefixed("#", u.EscapedFragment()), "opaque": u.Opaque,
	} {
		_ = parts.Set(name, text)
	}
	return parts
}
