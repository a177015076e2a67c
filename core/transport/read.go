package transport

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"
)

// maxErrorBody is how much of an error's body is read.
const maxErrorBody = 1 << 20

var errTooLarge = errors.New("body too large")

// idle returns the longest wait without a byte; 0: none.
func (c *Client) idle(ctx context.Context) time.Duration {
	switch {
	case c.o.Idle > 0:
		return c.o.Idle
	case c.o.Idle < 0:
		return 0
	}
	if _, ok := ctx.Deadline(); ok {
		return 0 // --timeout alone bounds the command
	}
	return defaultIdle
}

// watchdog cancels a try in which no byte moves for too long.
type watchdog struct {
	idle   time.Duration
	timer  *time.Timer
	cancel context.CancelCauseFunc
}

func newWatchdog(idle time.Duration, cancel context.CancelCauseFunc) *watchdog {
	w := &watchdog{idle: idle, cancel: cancel}
	if idle > 0 {
		w.timer = time.AfterFunc(idle, func() { cancel(errIdle) })
	}
	return w
}

// touch says that a byte has moved.
func (w *watchdog) touch() {
	if w.timer != nil {
		w.timer.Reset(w.idle)
	}
}

func (w *watchdog) stop() {
	if w.timer != nil {
		w.timer.Stop()
	}
	w.cancel(nil)
}

// smallBody is how many bytes of a body go out in one piece with the head, which takes no time worth watching.
const smallBody = 16 << 10

// watch returns a reader of a request body, each read of which counts. One that net/http knows is sent in one packet with the
// head, any other one behind it.
func (w *watchdog) watch(body []byte) io.ReadCloser {
	if len(body) <= smallBody {
		return io.NopCloser(bytes.NewReader(body))
	}
	return &watched{bytes.NewReader(body), w}
}

type watched struct {
	r   *bytes.Reader
	dog *watchdog
}

func (w *watched) Read(p []byte) (int, error) {
	w.dog.touch()
	return w.r.Read(p)
}

func (w *watched) Close() error { return nil }

// readBody reads a whole body of at most limit bytes. What was read comes back with an error too.
func readBody(resp *http.Response, limit int64, dog *watchdog) ([]byte, error) {
	if resp.ContentLength > limit {
		return nil, errTooLarge
	}
	size := resp.ContentLength + 1 // one more, to see the end without growing
	if size <= 0 {
		size = 16 << 10
	}
	b := make([]byte, 0, min(size, 16<<20))
	for {
		n, err := resp.Body.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if n > 0 {
			dog.touch()
		}
		if int64(len(b)) > limit {
			return b[:limit], errTooLarge
		}
		if err == io.EOF {
			return b, nil
		}
		if err != nil {
			return b, err
		}
		if len(b) == cap(b) {
			b = append(make([]byte, 0, 2*cap(b)), b...)
		}
	}
}

// stream is a body that is handed out as it arrives.
type stream struct {
	call        *call
	body        io.ReadCloser
	dog         *watchdog
	ctx, tryCtx context.Context
	once        sync.Once
	err         error
}

func (s *stream) Read(p []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.body.Read(p)
	if n > 0 {
		s.dog.touch()
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = s.call.client.clean(s.call.broken(s.ctx, s.tryCtx, cut(err), true).err)
	}
	s.err = err
	return n, err
}

func (s *stream) Close() error {
	var err error
	s.once.Do(func() {
		s.dog.stop()
		err = s.body.Close()
	})
	return err
}
