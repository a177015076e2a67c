package transport

import (
	"compress/gzip"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/textproto"
	"strings"
	"syscall"

	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

func whyUnreachable(err error) (why, hint string) {
	var dns *net.DNSError
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var record tls.RecordHeaderError
	var timeout net.Error
	check := "check --base-url, LITELLM_PROXY_URL or the profile"
	switch {
	case errors.As(err, &dns):
		if dns.IsNotFound {
			return "no such host", check
		}
		return "the name cannot be looked up: " + oneLine(dns.Err, longestEcho), ""
	case errors.As(err, &authority):
		return "its certificate is signed by an unknown authority", "name the authority's certificate with --ca-cert FILE"
	case errors.As(err, &host):
		return "its certificate is for another name", check
	case errors.As(err, &invalid):
		return "its certificate is not valid: " + oneLine(invalid.Error(), 200), ""
	case errors.As(err, &record):
		return "it does not speak TLS", "the address probably begins with http://"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused", check
	case errors.Is(err, syscall.ENOENT):
		return "the socket is gone", ""
	case errors.As(err, &timeout) && timeout.Timeout():
		return "no connection in 10 s", check
	}
	return oneLine(err.Error(), 200), ""
}

// cut marks an error in the middle of an answer.
func cut(err error) error { return errors.Join(io.ErrUnexpectedEOF, err) }

func whyLost(err error) string {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "the answer was cut off"
	case errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "the connection was lost before the answer came"
	}
	return "the connection was lost: " + oneLine(err.Error(), 200)
}

// isTLSMismatch says whether a TLS server answered a plain request. It speaks in alerts, or as Go's does.
func isTLSMismatch(err error) bool {
	return strings.Contains(err.Error(), "malformed HTTP response \"\\x15\\x03")
}

// wantsCertificate says whether a server has ended a connection for want of a client certificate, or of a better one. In TLS
// 1.3 it says so after the handshake.
func wantsCertificate(err error) bool {
	_, alert, ok := strings.Cut(err.Error(), "remote error: tls: ") // crypto/tls has no type for it that can be seen
	return ok && (strings.Contains(alert, "certificate") || strings.HasPrefix(alert, "access denied"))
}

// isMalformed says whether an answer came and breaks the rules of HTTP: asking again would bring the same. net/http has
// types for few of these errors.
func isMalformed(err error) bool {
	var protocol textproto.ProtocolError
	if errors.As(err, &protocol) || errors.Is(err, gzip.ErrHeader) || errors.Is(err, gzip.ErrChecksum) {
		return true
	}
	text := err.Error()
	for _, part := range []string{"malformed", "invalid byte in chunk", "bad Content-Length", "multiple Content-Length", "unsupported transfer encoding", "too many transfer encodings", "response headers exceeded", "invalid header"} {
		if strings.Contains(text, part) {
			return true
		}
	}
	return false
}

// innermost returns the error that all the others wrap.
func innermost(err error) error {
	for {
		var inner error
		switch e := err.(type) { //nolint:errorlint // each layer is taken off by itself
		case interface{ Unwrap() error }:
			inner = e.Unwrap()
		case interface{ Unwrap() []error }: // cut puts its own in front
			all := e.Unwrap()
			inner = all[len(all)-1]
		}
		if inner == nil {
			return err
		}
		err = inner
	}
}

// redirected returns the error of a redirect, which says that the address is not the gateway's own.
func redirected(resp *http.Response, a Asked) *problem.Error {
	to := resp.Header.Get("Location")
	if i := strings.IndexAny(to, "?#"); i >= 0 {
		to = to[:i] // a sign-in page's state
	}
	to = oneLine(withoutUser(to), longestEcho)
	e := problem.New(problem.Unreachable, "cannot %s: the address answered with a redirect to %s, which is not followed", a.Attempt, orDefault(to, "nowhere"))
	e.Status = resp.StatusCode
	e.Said = fmt.Sprintf("%d %s", resp.StatusCode, http.StatusText(resp.StatusCode))
	e.Hint = "give the gateway's own address (https, no sign-in page in front, the right path)"
	if a.changes() {
		e.State = problem.Unchanged
		if resp.StatusCode == http.StatusSeeOther {
			e.State = problem.Unknown
		}
	}
	return e
}
