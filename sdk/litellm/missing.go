package litellm

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// IsNotFound reports whether an error says that a user, a team or a key is not there. That an endpoint is not there, or that the
// address is another server's, is another matter: of the thing it says nothing.
func IsNotFound(err error) bool {
	e := problem.As(err)
	return e != nil && !errors.Is(err, sdk.ErrPlanned) && e.Code == problem.NotFound && (e.Field == "user" || e.Field == "team" || e.Field == "email" || e.Field == "key")
}

// isMissing reports whether an answer says that the thing asked for is not there, which is a 404 with a reason.
func isMissing(err error) bool {
	e := problem.As(err)
	return e != nil && e.Status == 404 && !NoRoute(err) && !strings.Contains(e.Message, "not as LiteLLM does")
}

// NoRoute reports whether an error says that the gateway has no such endpoint: 404 {"detail":"Not Found"}. It is how an
// older version answers what only a newer one has.
func NoRoute(err error) bool {
	e := problem.As(err)
	if e == nil || e.Status != 404 {
		return false
	}
	said := strings.TrimSpace(strings.TrimPrefix(e.Said, "404 "))
	return said == "Not Found" || said == `{"detail":"Not Found"}`
}

// Lost reports whether it is not known what a write did: its answer did not come, or was one of 500 and above, which LiteLLM
// gives for what is done already too.
func Lost(err error) bool {
	e := problem.As(err)
	return e != nil && !errors.Is(err, sdk.ErrPlanned) && (e.State == problem.Unknown || e.Status >= 500)
}

// Before gives an error of the reading that comes before a write its place: what was to be written, and that nothing was.
func Before(attempt string, err error) error {
	if err == nil || errors.Is(err, sdk.ErrPlanned) {
		return err
	}
	e := problem.As(Attempted(attempt, err))
	if e.State == "" {
		e.State = problem.Unchanged
	}
	return e
}

// Attempted gives an error of a part of a command the words for the whole: "cannot list users: …" is "cannot get user u-17: …".
func Attempted(attempt string, err error) error {
	if err == nil || errors.Is(err, sdk.ErrPlanned) {
		return err
	}
	e := problem.As(err)
	for _, reading := range []string{"cannot list users: ", "cannot list teams: ", "cannot list keys: "} {
		if rest, ok := strings.CutPrefix(e.Message, reading); ok {
			e.Message = "cannot " + attempt + ": " + rest
		}
	}
	if !strings.HasPrefix(e.Message, "cannot ") {
		e.Message = "cannot " + attempt + ": " + e.Message
	}
	return e
}

func hasMember(object json.RawMessage, name string) bool {
	_, ok := member(object, name)
	return ok
}
