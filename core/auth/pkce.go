package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// pkceWait is how long the listener waits for the browser. The consent page itself takes no answer after 600 s.
const pkceWait = 300 * time.Second

// grant is a PKCE sign-in before the browser is opened.
type grant struct {
	ends            *endpoints
	callback        *callback
	clientID        string
	verifier, state string
}

// secret returns n random bytes as text, known to the redactor before anybody else.
func (l *Login) secret(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // it never fails
	s := base64.RawURLEncoding.EncodeToString(b)
	l.Redact.Add(s)
	return s
}

// preparePKCE does all that can fail before the browser is opened. The error is *unfit if another flow may be tried.
func (l *Login) preparePKCE(ctx context.Context) (*grant, error) {
	ends, err := l.discover(ctx)
	if err != nil {
		return nil, err
	}
	g := &grant{ends: ends, verifier: l.secret(64), state: l.secret(32)}
	if g.callback, err = l.listenForCallback(ctx, g.state); err != nil {
		return nil, &unfit{reason: err.Error(), err: problem.As(err)}
	}
	if g.clientID, err = l.register(ctx, ends, g.callback.uri()); err != nil {
		g.callback.close()
		return nil, err
	}
	return g, nil
}

// register gets a client id, which holds the sealed redirect URI: it is good for this port alone, and costs the gateway
// nothing. A gateway that did not understand answers 200 with a dummy (observed on LiteLLM 1.106.2).
func (l *Login) register(ctx context.Context, ends *endpoints, redirect string) (string, error) {
	path, _ := pathAt(l.Client.BaseURL(), ends.register)
	body, err := json.Marshal(map[string]any{
		"client_name": "litellm-proxy", "redirect_uris": []string{redirect}, "grant_types": []string{"authorization_code", "refresh_token"},
		"response_types": []string{"code"}, "token_endpoint_auth_method": "none",
	})
	if err != nil {
		return "", err
	}
	r := transport.Request{Method: http.MethodPost, Path: path, Body: body, AnyStatus: true, Attempt: l.attempt()}
	resp, err := l.Client.Do(ctx, r)
	if err != nil {
		return "", err
	}
	var doc struct {
		ClientID string `json:"client_id"`
	}
	if resp.Status == http.StatusCreated && decodeJSON(resp.Body, &doc) == nil && strings.HasPrefix(doc.ClientID, "llm_dcrc_") {
		return doc.ClientID, nil
	}
	u := l.unfit("the gateway did not register this program as a client")
	if resp.Status != http.StatusOK && resp.Status != http.StatusCreated {
		e := refusal(l.attempt(), r, resp)
		u.err.Code, u.err.Said, u.err.Status = e.Code, e.Said, e.Status
	}
	return "", u
}

// pkce sends the browser out and waits for it.
func (l *Login) pkce(ctx context.Context, g *grant) (*SignIn, error) {
	if l.Team != "" {
		l.Person.Say("Choose team " + quoted(l.Team) + " on the page.")
	}
	l.Person.Say("Approve on the page only what is to come back to http://" + g.callback.host + ".")
	if !l.Browser {
		l.Person.Say("A browser on another machine ends at an address there that cannot be opened: copy that address and paste it here.")
	}
	sum := sha256.Sum256([]byte(g.verifier))
	query := url.Values{
		"response_type": {"code"}, "client_id": {g.clientID}, "redirect_uri": {g.callback.uri()}, "state": {g.state},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"}, "resource": {g.ends.resource},
	}
	if err := l.Person.Visit(ctx, g.ends.authorize+"?"+query.Encode(), ""); err != nil {
		return nil, err
	}
	o, err := l.awaitCallback(ctx, g.callback)
	g.callback.close()
	switch {
	case err != nil:
		return nil, err
	case o.refused == "access_denied":
		return nil, problem.New(problem.Denied, "cannot %s: it was denied in the browser", l.attempt())
	case o.refused != "":
		e := problem.New(problem.Refused, "cannot %s: the gateway sent the browser back with an error", l.attempt())
		e.Said = strings.TrimSpace(o.refused + " " + o.description)
		return nil, e
	}
	l.Redact.Add(o.code)
	return l.redeem(ctx, g, o.code)
}

// awaitCallback waits for the browser, a pasted address, the end of the time or of ctx. Nothing of it is still running when
// it returns.
func (l *Login) awaitCallback(ctx context.Context, c *callback) (outcome, error) {
	wait, stop := context.WithCancel(ctx)
	late, failed := make(chan struct{}), make(chan error, 1)
	var both sync.WaitGroup
	defer both.Wait()
	defer stop()
	both.Go(func() {
		if err := l.readPastes(wait, c); err != nil {
			failed <- err
		}
	})
	both.Go(func() {
		if l.sleep(wait, pkceWait) == nil {
			close(late)
		}
	})
	select {
	case o := <-c.outcome:
		return o, nil
	case <-ctx.Done():
		return outcome{}, ctx.Err()
	case err := <-failed:
		return outcome{}, err
	case <-late:
		return outcome{}, l.late(minutes(pkceWait), "nobody approved it",
			"the browser runs on another machine: then paste the address that it ends at, or use --no-browser",
			"the gateway's pages are switched off (DISABLE_ADMIN_UI): then use --no-browser",
			"the browser was not sent back: it showed an error of the gateway")
	}
}

// readPastes takes what the person pastes until an address is right. Where nobody can paste, the browser may come by
// itself.
func (l *Login) readPastes(ctx context.Context, c *callback) error {
	for {
		text, err := l.Person.Pasted(ctx)
		if err != nil {
			if ctx.Err() != nil || isNobody(err) {
				err = nil
			}
			return err
		}
		if strings.TrimSpace(text) == "" {
			continue
		}
		wrong := c.paste(text)
		if wrong == "" {
			return nil
		}
		l.Person.Say(strings.ToUpper(wrong[:1]) + wrong[1:] + ". Paste the whole address that the browser ended at: it begins with " + c.uri() + "?")
	}
}

// redeem turns the code into a credential, and proves that it acts in the team that was asked for.
func (l *Login) redeem(ctx context.Context, g *grant, code string) (*SignIn, error) {
	began := l.now()
	t, err := exchange(ctx, l.Client, l.attempt(), g.ends.token, url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {g.callback.uri()}, "client_id": {g.clientID},
		"code_verifier": {g.verifier}, "resource": {g.ends.resource},
	})
	if err != nil {
		var refused *tokenRefused
		if errors.As(err, &refused) && refused.kind == "invalid_grant" {
			refused.err.Code = problem.Denied
			refused.err.Hint = "sign in again"
		}
		return nil, err
	}
	l.Redact.Add(t.Access, t.Refresh)
	s := &SignIn{
		URL: l.Client.BaseURL(), Flow: PKCE, Key: t.Access, UserID: t.UserID, TeamID: t.TeamID, Since: began, Expires: t.expires(began),
		RefreshToken: t.Refresh, ClientID: g.clientID, Resource: g.ends.resource, TokenURL: g.ends.token, RevokeURL: g.ends.revoke,
	}
	if l.Team == "" || l.Team == s.TeamID {
		return s, nil
	}
	got := Team{ID: s.TeamID}
	if s.TeamID != "" {
		got.Alias = l.aliasOf(ctx, s)
	}
	if got.Alias == l.Team {
		return s, nil
	}
	l.undo(ctx, s)
	return nil, l.otherTeam(got)
}
