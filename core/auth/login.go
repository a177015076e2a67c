package auth

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/redact"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// ErrNoPerson is what a Person answers when nobody can be asked.
var ErrNoPerson = errors.New("there is nobody to ask")

// Person is who signs in: the terminal, or a test.
type Person interface {
	// Visit shows an address to open and the code to type there ("" for none), and opens a browser if there is one. It does
	// not wait for the person. The address must be shown as it is: it holds values that the redactor knows as secrets.
	Visit(ctx context.Context, address, code string) error
	// Pasted returns the next line that the person pastes while a sign-in waits. It blocks until there is one or ctx ends;
	// ErrNoPerson when nobody can.
	Pasted(ctx context.Context) (string, error)
	// Choose asks which team to act in; ErrNoPerson when nobody can be asked.
	Choose(ctx context.Context, teams []Team) (Team, error)
	// Say shows one line.
	Say(text string)
}

// Login is one sign-in. Client, Redact and Person are needed; Run is called once.
type Login struct {
	Client *transport.Client // of the gateway, with no key of its own
	Redact *redact.Redactor  // the client's: it learns every secret of the sign-in before the secret is sent
	Person Person

	Team      string  // id or exact alias of the team to act in; empty: ask, or take the only one
	Browser   bool    // there is a browser on this machine
	ForcePKCE bool    // PKCE or nothing
	Previous  *SignIn // what is kept for this gateway now; nil: nothing. It is compared, not changed.

	// These replace the real ones in tests.
	Listen func(ctx context.Context, network, address string) (net.Listener, error)
	Now    func() time.Time
	Sleep  func(ctx context.Context, d time.Duration) error // between polls, and for as long as PKCE waits
}

// Run signs a person in, and returns a credential that the gateway has accepted once. Nothing is stored, and Previous is
// not revoked: the caller does both, in this order.
//
// Every error is a *problem.Error: Denied when the person or the gateway said no, TimedOut when nobody finished in the
// browser, Unreachable for networks and wrong addresses, Usage for a team or an address that cannot be meant, Interrupted
// when ctx ends. After an error nothing is left at the gateway that could be used, as far as it can be revoked.
func (l *Login) Run(ctx context.Context) (*SignIn, error) {
	s, err := l.run(ctx)
	if err != nil {
		return nil, l.failure(ctx, err)
	}
	return s, nil
}

func (l *Login) run(ctx context.Context) (*SignIn, error) {
	if err := l.checkAddress(); err != nil {
		return nil, err
	}
	g, err := l.settings(ctx)
	if err != nil {
		return nil, err
	}
	if err := l.checkLimit(ctx, g); err != nil {
		return nil, err
	}
	s, err := l.byFlow(ctx, g)
	if err != nil {
		return nil, err
	}
	if err := l.finish(ctx, s); err != nil {
		l.undo(ctx, s)
		return nil, err
	}
	return s, nil
}

// byFlow chooses among the flows and follows one. Another one is taken only as long as no browser was opened, and never
// after a denial.
func (l *Login) byFlow(ctx context.Context, g *settings) (*SignIn, error) {
	only := l.ForcePKCE || g.SSO == no
	if only || l.Browser && g.UIDisabled != yes {
		l.sayBeforePKCE(g)
		grant, err := l.preparePKCE(ctx)
		if err == nil {
			defer grant.callback.close()
			return l.pkce(ctx, grant)
		}
		var not *unfit
		switch {
		case !errors.As(err, &not):
			return nil, err
		case not.missing && g.SSO == no:
			return nil, problem.New(problem.Denied, "cannot %s: this version of LiteLLM signs people in from the command line by single sign-on alone, and none is configured", l.attempt()).
				WithHint("keep a key instead: litellm-proxy login --with-token")
		case only:
			return nil, err
		case !not.missing:
			l.Person.Say("The sign-in that comes back to this machine is not possible, so one with a code is used (" + not.reason + ").")
		}
	}
	return l.classic(ctx, g)
}

// sayBeforePKCE says what is unusual about a PKCE sign-in at this gateway.
func (l *Login) sayBeforePKCE(g *settings) {
	if g.SSO == no {
		l.Person.Say("This gateway has no single sign-on: its page asks for a user name and a password.")
	}
	if g.UIDisabled == yes {
		l.Person.Say("This gateway's pages are switched off (DISABLE_ADMIN_UI): this works only in a browser that is signed in already.")
	}
}

// finish proves the credential by using it, and says what the person would not expect.
func (l *Login) finish(ctx context.Context, s *SignIn) error {
	id, err := Verify(ctx, l.Client, s.Key)
	if err != nil {
		if problem.CodeOf(err) != problem.Denied {
			return err
		}
		e := problem.New(problem.Denied, "cannot %s: the gateway gave out a credential and then refused it", l.attempt())
		e.Said, e.Status = problem.As(err).Said, problem.As(err).Status
		if s.Flow == Legacy {
			return e.WithHint("the gateway's operator must set EXPERIMENTAL_UI_LOGIN=True")
		}
		return e.WithHint("the gateway's operator may have set EXPERIMENTAL_UI_LOGIN=false or LITELLM_CLI_JWT_EXPIRATION_HOURS=0")
	}
	if id.UserID != "" {
		s.UserID = id.UserID
	}
	s.Email, s.Role = id.Email, id.Role
	if s.Flow != PKCE && s.TeamID == "" {
		if err := l.withoutTeam(id); err != nil {
			return err
		}
	}
	if p := l.Previous; p != nil && p.UserID != "" && s.UserID != "" && p.UserID != s.UserID {
		l.Person.Say(fmt.Sprintf("You were signed in here as %s, and are %s now: a browser uses the session that it has, without asking.", p.who(), s.who()))
	}
	return nil
}

// who names the user of a sign-in.
func (s *SignIn) who() string {
	if s.Email != "" && s.Email != s.UserID {
		return line(s.UserID + " (" + s.Email + ")")
	}
	return line(s.UserID)
}

// undo ends at the gateway what a failed sign-in has got there, also when the person has given up. What cannot be revoked
// ends by itself.
func (l *Login) undo(ctx context.Context, s *SignIn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_ = Revoke(ctx, l.Client, s)
}

// attempt completes "cannot …".
func (l *Login) attempt() string { return "sign in to " + l.Client.BaseURL() }

func (l *Login) now() time.Time {
	if l.Now != nil {
		return l.Now()
	}
	return wallClock()
}

// wallClock is the time without Go's monotonic reading, which stands still while a machine sleeps: a credential does not.
func wallClock() time.Time { return time.Now().Round(0) }

func (l *Login) sleep(ctx context.Context, d time.Duration) error {
	if l.Sleep != nil {
		return l.Sleep(ctx, d)
	}
	return transport.Sleep(ctx, d)
}
