package script

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/dop251/goja"
	"github.com/litellm-proxy/litellm-proxy/core/script/types"
)

// eachOptions are those of job.each, checked.
type eachOptions struct {
	key         goja.Callable
	concurrency int
	every       time.Duration // between the beginnings of items; 0 for no bound
	maxErrors   int           // 0 for no bound
	maxItems    int           // likewise
}

// mostAtOnce bounds the concurrency: each item holds a connection.
const mostAtOnce = 256

var ratePattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?)/(s|m|h)$`) })

func (s *session) eachOptions(v goja.Value) (eachOptions, error) {
	out := eachOptions{concurrency: 8}
	o, ok := v.(*goja.Object)
	if !ok {
		return out, wrongf("job.each() needs options with a key, as in {key: (item) => item.email}")
	}
	known := []string{"key", "concurrency", "rate", "max_errors", "max_items"}
	for _, name := range o.Keys() {
		if !slices.Contains(known, name) {
			return out, wrongf("job.each() has no option %q%s", name, types.DidYouMean(name, known))
		}
	}
	if out.key, ok = goja.AssertFunction(o.Get("key")); !ok {
		return out, wrongf("job.each() needs a key that tells the items apart, as in {key: (item) => item.email}")
	}
	for name, to := range map[string]*int{"concurrency": &out.concurrency, "max_errors": &out.maxErrors, "max_items": &out.maxItems} {
		v := member(o, name)
		if goja.IsUndefined(v) {
			continue
		}
		f := v.ToFloat()
		if !goja.IsNumber(v) || f != math.Trunc(f) || f < 1 || f > 1e9 {
			return out, wrongf("job.each(): %s must be a whole number from 1, not %s", name, s.inspect(v))
		}
		*to = int(f)
	}
	if out.concurrency > mostAtOnce {
		return out, wrongf("job.each(): concurrency must not be more than %d", mostAtOnce)
	}
	if v := member(o, "rate"); !goja.IsUndefined(v) {
		m := ratePattern().FindStringSubmatch(v.String())
		if m == nil {
			return out, wrongf(`job.each(): rate must be a number of items a second, minute or hour, such as "100/m", not %s`, s.inspect(v))
		}
		n, err := strconv.ParseFloat(m[1], 64)
		if err != nil || n <= 0 {
			return out, wrongf(`job.each(): rate must be more than none, not %s`, s.inspect(v))
		}
		unit := map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour}[m[2]]
		out.every = time.Duration(float64(unit) / n)
	}
	return out, nil
}
