package transport

import (
	"fmt"
	"net/http"
	"time"
)

// retryAfter returns how long the server asks to wait; 0 if it does not say.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := h.Get("Retry-After")
	if v == "" {
		return 0
	}
	var seconds float64
	if _, err := fmt.Sscanf(v, "%g", &seconds); err == nil && allDigits(v) {
		if seconds > 1e6 {
			seconds = 1e6
		}
		return time.Duration(seconds * float64(time.Second))
	}
	at, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	if there, err := http.ParseTime(h.Get("Date")); err == nil {
		now = there // by the server's own clock
	}
	return max(0, at.Sub(now))
}

func allDigits(s string) bool {
	for i := range len(s) {
		if (s[i] < '0' || s[i] > '9') && s[i] != '.' {
			return false
		}
	}
	return s != ""
}
