package gateway

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Fault is one way to misbehave, made by ParseFault. Its zero value matches
// nothing.
type Fault struct {
	spec   string
	method string // "" for every method
	path   string // may end in "*"
	kind   faultKind
	count  int // how many times; 0 without end

	status     int
	retryAfter string
	latency    time.Duration
	target     string
}

type faultKind int

const (
	faultNone faultKind = iota
	faultStatus
	faultLatency
	faultCut
	faultReset
	faultTruncate
	faultTruncateClean
	faultHTML
	faultRedirect
	faultStall
)

const faultHelp = `a fault is [METHOD ]PATH=ACTION[xCOUNT], PATH may end in *, ACTION is one of 400…599, 429:retry-after=SECONDS, latency:DURATION, cut, reset, truncate, truncate-clean, html, redirect:URL, stall; for example "POST /model/new=503x2"`

// plainFaults are the actions without an argument.
var plainFaults = map[string]faultKind{
	"cut": faultCut, "reset": faultReset, "truncate": faultTruncate,
	"truncate-clean": faultTruncateClean, "html": faultHTML, "stall": faultStall,
}

// ParseFault reads a fault of the form [METHOD ]PATH=ACTION[xCOUNT]. PATH may
// end in "*"; without COUNT it happens every time. The actions:
//
//	503, 429:retry-after=2  that status, and nothing is done
//	latency:200ms           the answer comes later; other faults still apply
//	cut                     the connection is cut after the work was done
//	reset                   the connection is closed before anything is done
//	truncate                the work is done, the answer breaks off half way
//	truncate-clean          the same, but the transfer looks complete
//	html                    200 with an HTML page, and nothing is done
//	redirect:URL            307 to URL, and nothing is done
//	stall                   the work is done, headers come, the body never does
//
// An x and digits at the end are always COUNT, so a URL that ends so needs a
// slash behind it.
func ParseFault(spec string) (Fault, error) {
	fail := func(reason string) (Fault, error) {
		return Fault{}, fmt.Errorf("fault %q: %s: %s", spec, reason, faultHelp)
	}
	where, action, ok := strings.Cut(spec, "=")
	if !ok {
		return fail("no = in it")
	}
	f := Fault{spec: spec, path: strings.TrimSpace(where)}
	if method, path, ok := strings.Cut(f.path, " "); ok {
		f.method, f.path = strings.ToUpper(method), strings.TrimSpace(path)
		if strings.Trim(f.method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			return fail("the method is not a word")
		}
	}
	if !strings.HasPrefix(f.path, "/") && f.path != "*" || strings.Contains(f.path, " ") {
		return fail("the path does not begin with /")
	}
	if i := strings.LastIndexByte(action, 'x'); i > 0 && i < len(action)-1 && strings.Trim(action[i+1:], "0123456789") == "" {
		n, err := strconv.Atoi(action[i+1:])
		if err != nil || n < 1 {
			return fail("the count is not a number above 0")
		}
		f.count, action = n, action[:i]
	}
	if reason := f.parseAction(strings.TrimSpace(action)); reason != "" {
		return fail(reason)
	}
	return f, nil
}

// parseAction fills in what the fault does; it returns what is wrong.
func (f *Fault) parseAction(action string) string {
	name, arg, hasArg := strings.Cut(action, ":")
	if kind, ok := plainFaults[name]; ok && !hasArg {
		f.kind = kind
		return ""
	}
	switch name {
	case "latency":
		d, err := time.ParseDuration(arg)
		if err != nil || d <= 0 {
			return "the latency is not a duration such as 200ms"
		}
		f.kind, f.latency = faultLatency, d
		return ""
	case "redirect":
		u, err := url.Parse(arg)
		if err != nil || arg == "" || strings.ContainsAny(arg, "\r\n") || (u.Scheme == "" && !strings.HasPrefix(arg, "/")) {
			return "the redirect has no URL"
		}
		f.kind, f.target = faultRedirect, arg
		return ""
	}
	status, err := strconv.Atoi(name)
	if err != nil || status < 400 || status > 599 {
		return "the action is unknown"
	}
	f.kind, f.status = faultStatus, status
	if hasArg {
		seconds, ok := strings.CutPrefix(arg, "retry-after=")
		if n, err := strconv.Atoi(seconds); !ok || err != nil || n < 0 {
			return "the only argument of a status is retry-after=SECONDS"
		}
		f.retryAfter = seconds
	}
	return ""
}

// String is the text that f was parsed from.
func (f Fault) String() string { return f.spec }

func (f Fault) matches(method, path string) bool {
	if f.kind == faultNone || f.method != "" && f.method != method {
		return false
	}
	if prefix, ok := strings.CutSuffix(f.path, "*"); ok {
		return strings.HasPrefix(path, prefix)
	}
	return path == f.path
}

// faultPlan is the faults of a gateway and how often each is still due.
type faultPlan struct {
	mu     sync.Mutex
	faults []Fault
	left   []int
}

func newFaultPlan(faults []Fault) *faultPlan {
	p := &faultPlan{faults: faults, left: make([]int, len(faults))}
	for i, f := range faults {
		p.left[i] = f.count
	}
	return p
}

// take chooses what happens to one request: the first fault that matches and
// is still due, and every latency before it.
func (p *faultPlan) take(method, path string) faultEffect {
	p.mu.Lock()
	defer p.mu.Unlock()
	var e faultEffect
	for i, f := range p.faults {
		if !f.matches(method, path) || f.count > 0 && p.left[i] == 0 {
			continue
		}
		p.left[i]--
		if f.kind == faultLatency {
			e.latency += f.latency
			continue
		}
		e.Fault = f
		break
	}
	return e
}

// faultEffect is what happens to one request.
type faultEffect struct {
	Fault
	latency time.Duration
}

// page is what a proxy in front of the gateway may answer in its place.
const page = "<!doctype html>\n<html><head><title>Sign in</title></head><body><h1>Sign in to continue</h1></body></html>\n"

// statusAnswer is a body as the real gateway sends it with that status.
func (e faultEffect) statusAnswer(now time.Time) answer {
	var a answer
	switch e.status {
	case http.StatusTooManyRequests:
		a = wireError(e.status, "Rate limit exceeded for api_key: "+hashKey("sandbox")+". Limit type: requests. Current limit: 1, Remaining: 0. Limit resets at: "+
			now.Add(time.Minute).Format("2006-01-02 15:04:05")+" UTC", "throttling_error", nil)
	case http.StatusInternalServerError:
		a = unhandledError()
	case http.StatusServiceUnavailable:
		a = detail(e.status, "Service Unhealthy (sandbox fault)")
	default:
		a = wireError(e.status, http.StatusText(e.status)+" (sandbox fault)", typeInternal, nil)
	}
	if e.retryAfter != "" {
		a.header = http.Header{"Retry-After": {e.retryAfter}}
	}
	return a
}
