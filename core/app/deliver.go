package app

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/core/record"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// maxAnswer bounds an answer that is held whole, in bytes.
const maxAnswer = 256 << 20

// deliverItems prints the items of a list.
func (h *host) deliverItems(request transport.Request, got *prefetched, member string) error {
	if err := got.response.ExpectNoPage(request.Purpose()); err != nil {
		return err
	}
	array, err := got.array, got.arrayErr
	if got.items != member {
		array, err = nil, nil
	}
	if err == nil {
		err = h.output.items(got.response.Body, member, array)
	}
	if bad := (*record.AnswerError)(nil); errors.As(err, &bad) {
		e := problem.New(problem.Unreachable, "cannot %s: the answer is not JSON, was cut short, or is no list", request.Purpose())
		e.Status = got.response.Status
		return e.WithHint("is %s the LiteLLM gateway's own address?", h.gatewayName())
	}
	return err
}

// deliverWhole prints an answer whatever it is: JSON as a record, an event stream as it comes, other text as it is. Where
// the line asks for a format, what is not JSON is a failure.
func (h *host) deliverWhole(target *target, request transport.Request, response *transport.Response, withHead bool) error {
	defer response.Stream.Close()
	kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	if kind == "text/event-stream" {
		if h.output.formatted() {
			return problem.New(problem.Usage, "cannot %s: the answer is an event stream, which --jq, --columns and -o cannot format", request.Purpose())
		}
		if err := h.headText(response, withHead); err != nil {
			return err
		}
		return h.stream(response.Stream)
	}
	body, err := io.ReadAll(io.LimitReader(response.Stream, maxAnswer+1))
	if err != nil {
		return err
	}
	if len(body) > maxAnswer {
		return problem.New(problem.Failed, "cannot %s: the answer is larger than %d MiB", request.Purpose(), maxAnswer>>20)
	}
	response.Body = body
	if !isJSON(kind, body) && len(body) > 0 {
		return h.deliverText(request, response, withHead)
	}
	if len(body) > 0 {
		if err := response.ExpectJSON(request.Purpose()); err != nil {
			return err
		}
		if err := notRefused(target, request, body); err != nil {
			return err
		}
	}
	if err := h.headText(response, withHead); err != nil || len(body) == 0 {
		return err
	}
	h.progress.Stop()
	return h.output.record(body)
}

// isJSON goes by the type, and by the first character where there is none.
func isJSON(kind string, body []byte) bool {
	if kind == "" {
		body = bytes.TrimSpace(body)
		return len(body) > 0 && (body[0] == '{' || body[0] == '[')
	}
	return kind == "application/json" || strings.HasSuffix(kind, "+json")
}

// deliverText prints an answer that is not JSON.
func (h *host) deliverText(request transport.Request, response *transport.Response, withHead bool) error {
	if h.output.formatted() {
		if err := response.ExpectNoPage(request.Purpose()); err != nil {
			return err
		}
		return problem.New(problem.Unreachable, "cannot %s: the answer is not JSON, which --jq, --columns and -o need", request.Purpose())
	}
	if err := h.headText(response, withHead); err != nil {
		return err
	}
	return h.Text(string(response.Body))
}

// headText prints status line and headers, sorted.
func (h *host) headText(response *transport.Response, wanted bool) error {
	if !wanted {
		return nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "HTTP %d %s\n", response.Status, http.StatusText(response.Status))
	names := make([]string, 0, len(response.Header))
	for name := range response.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, v := range response.Header[name] {
			fmt.Fprintf(&b, "%s: %s\n", name, v)
		}
	}
	return h.Text(b.String() + "\n")
}

// stream prints an event stream as it comes, line by line: a secret or a character that the network has cut in two is
// whole again in its line.
func (h *host) stream(events io.Reader) error {
	lines := bufio.NewReaderSize(events, 1<<20)
	for {
		line, err := lines.ReadSlice('\n')
		if len(line) > 0 {
			if err := h.Text(string(line)); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return err
		}
	}
}
