package gateway

import (
	"net/http"
	"strconv"
	"time"
)

// before does what a fault does ahead of the handler, and says whether that
// was all.
func (e faultEffect) before(w http.ResponseWriter, r *http.Request, closed <-chan struct{}) (done bool) {
	if e.latency > 0 {
		timer := time.NewTimer(e.latency)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-closed:
		case <-r.Context().Done():
			panic(http.ErrAbortHandler)
		}
	}
	switch e.kind {
	case faultReset:
		panic(http.ErrAbortHandler)
	case faultStatus:
		e.statusAnswer(time.Now().UTC()).write(w, nil)
	case faultHTML:
		answer{status: http.StatusOK, contentType: "text/html; charset=utf-8", body: []byte(page)}.write(w, nil)
	case faultRedirect:
		answer{status: http.StatusTemporaryRedirect, header: http.Header{"Location": {e.target}}}.write(w, nil)
	default:
		return false
	}
	return true
}

// send sends a, or the part of it that a fault leaves.
func (e faultEffect) send(w http.ResponseWriter, r *http.Request, a answer, closed <-chan struct{}) {
	switch e.kind {
	case faultCut:
		panic(http.ErrAbortHandler)
	case faultTruncate:
		a.write(w, func() { panic(http.ErrAbortHandler) })
	case faultTruncateClean:
		a.half().write(w, nil)
	case faultStall:
		a.writeHead(w)
		flush(w)
		select {
		case <-r.Context().Done():
		case <-closed:
		}
		panic(http.ErrAbortHandler)
	default:
		a.write(w, nil)
	}
}

// half is the first half of a, complete as a transfer.
func (a answer) half() answer {
	a.body = a.body[:len(a.body)/2]
	a.events = a.events[:len(a.events)/2]
	return a
}

// writeHead sends status and headers, included those that LiteLLM 1.106.2 puts
// on every answer but the one to an unhandled error (observed).
func (a answer) writeHead(w http.ResponseWriter) {
	h := w.Header()
	if a.hangUp {
		h.Set("Connection", "close")
	} else {
		h.Set("Vary", "Origin")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Content-Security-Policy", "frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
	}
	for name, values := range a.header {
		h[name] = values
	}
	if a.contentType != "" {
		h.Set("Content-Type", a.contentType)
	}
	if a.events == nil {
		h.Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
}

// write sends a. With breakOff it sends the head of the whole but only half of
// the body, and calls breakOff.
func (a answer) write(w http.ResponseWriter, breakOff func()) {
	a.writeHead(w)
	if breakOff != nil {
		a = a.half()
	}
	if len(a.body) > 0 {
		_, _ = w.Write(a.body) // an error means that the client has gone
	}
	for _, event := range a.events {
		if _, err := w.Write(event); err != nil {
			return
		}
		flush(w)
	}
	if breakOff != nil {
		flush(w)
		breakOff()
	}
}

// flush pushes out what was written; a writer that cannot is left alone.
func flush(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() }
