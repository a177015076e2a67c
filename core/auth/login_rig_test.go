package auth

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// rigBrowser is the browser of one user of the test rig: its identity provider signs in whoever the cookie rig_user names.
type rigBrowser struct {
	user string
	c    *http.Client
}

// userCookie adds the cookie to every request, whatever host it is for.
type userCookie string

func (u userCookie) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.AddCookie(&http.Cookie{Name: "rig_user", Value: string(u)})
	return http.DefaultTransport.RoundTrip(r)
}

func newRigBrowser(user string) (*rigBrowser, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	return &rigBrowser{user: user, c: &http.Client{Jar: jar, Transport: userCookie(user)}}, nil
}

func (b *rigBrowser) open(ctx context.Context, method, address string, form url.Values) (status int, body string, err error) {
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, "", err
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := b.c.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(raw), err
}

var (
	consentFlow  = regexp.MustCompile(`name="flow" value="([^"]*)`)
	consentTeams = regexp.MustCompile(`(?:<option|name="team_id") value="([^"]*)`)
	codeToken    = regexp.MustCompile(`browser_complete_token" value="([^"]*)`)
	codeAction   = regexp.MustCompile(`action="([^"]*)`)
)

// approve signs in at an address that a sign-in shows, and answers the pages up to the end: the consent page with a team
// (empty: the first one offered) or a denial, or the page that asks for the code. It returns the last page's status.
func (b *rigBrowser) approve(ctx context.Context, address, code, team string, deny bool) (int, error) {
	status, page, err := b.open(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, err
	}
	u, err := url.Parse(address)
	if err != nil {
		return 0, err
	}
	base := u.Scheme + "://" + u.Host
	if m := consentFlow.FindStringSubmatch(page); m != nil {
		form := url.Values{"flow": {m[1]}, "decision": {"approve"}}
		if offered := consentTeams.FindStringSubmatch(page); team == "" && offered != nil {
			team = offered[1]
		}
		if team != "" {
			form.Set("team_id", team)
		}
		if deny {
			form = url.Values{"flow": {m[1]}, "decision": {"deny"}}
		}
		status, _, err = b.open(ctx, http.MethodPost, base+"/authorize/complete", form) // as far as the terminal's listener
		return status, err
	}
	if m := codeToken.FindStringSubmatch(page); m != nil {
		action := codeAction.FindStringSubmatch(page)
		if action == nil {
			return 0, fmt.Errorf("no form on the page for the code")
		}
		if strings.HasPrefix(action[1], "/") {
			action[1] = base + action[1]
		}
		status, _, err = b.open(ctx, http.MethodPost, action[1], url.Values{"user_code": {code}, "browser_complete_token": {m[1]}})
		return status, err
	}
	return status, nil
}

// approves makes a person use this browser.
func (p *person) approves(t *testing.T, user, team string, deny bool) *person {
	p.visit = func(address, code string) error {
		b, err := newRigBrowser(user)
		if err != nil {
			return err
		}
		status, err := b.approve(t.Context(), address, code, team, deny)
		if err == nil && status != 200 {
			return fmt.Errorf("the browser of %s ends with status %d", user, status)
		}
		return err
	}
	return p
}
