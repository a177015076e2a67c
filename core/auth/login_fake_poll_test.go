package auth

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
)

// lostText is how LiteLLM 1.106.2 answers a poll of a session that is not there.
const lostText = "CLI login session not found or expired. Run `lite login` again. If this happens immediately after starting a login, the proxy is likely running multiple replicas without a shared cache; configure a Redis cache so every replica can see the login session."

func (g *fake) teamIDs() []string {
	ids := []string{}
	for _, t := range g.teams {
		ids = append(ids, t.ID)
	}
	return ids
}

// ready answers a poll of a session whose browser's part is done.
func (g *fake) ready(w http.ResponseWriter, r *http.Request, wrongTeam func(text string)) {
	details := []obj{}
	for _, t := range g.teams {
		details = append(details, obj{"team_id": t.ID, "team_alias": t.Alias, "team_models": []string{}, "team_model_aliases": nil})
	}
	answer := obj{"status": "ready", "user_id": g.user, "teams": g.teamIDs(), "team_details": details}
	team := r.URL.Query().Get("team_id")
	switch {
	case r.URL.Query().Has("team_id") && !slices.Contains(g.teamIDs(), team):
		wrongTeam("User does not belong to team: " + team + ". Available teams: ['" + strings.Join(g.teamIDs(), "', '") + "']")
		return
	case len(g.teams) > 1 && team == "":
		answer["requires_team_selection"] = true
		if g.leaves {
			g.teams = g.teams[:1]
		}
		reply(w, 200, answer)
		return
	}
	answer["key"], answer["team_id"] = g.fresh("litellm_login_"), nil
	if g.old {
		answer["key"] = g.fresh("gAAAA")
	}
	if len(g.teams) == 1 {
		team = g.teams[0].ID
	}
	if team != "" {
		answer["team_id"] = team
	}
	g.session = ""
	reply(w, 200, answer)
}

func (g *fake) classicPoll(w http.ResponseWriter, r *http.Request, id string) {
	switch {
	case strings.HasPrefix(id, "sk-"):
		reply(w, 400, detail("Your litellm CLI is out of date and uses a login flow this proxy no longer supports."))
	case g.lost || id != g.session:
		reply(w, 400, detail(lostText))
	case g.badSecret || r.Header.Get("X-Litellm-Cli-Poll-Secret") == "" || !slices.Contains(g.secrets, r.Header.Get("X-Litellm-Cli-Poll-Secret")):
		reply(w, 403, detail("Invalid CLI polling secret"))
	case g.isPending():
		reply(w, 200, obj{"status": "pending"})
	default:
		g.ready(w, r, func(text string) { reply(w, 403, detail(text)) })
	}
}

func (g *fake) legacyPoll(w http.ResponseWriter, r *http.Request, id string) {
	switch {
	case !strings.HasPrefix(id, "sk-"):
		reply(w, 400, detail("Invalid key ID format"))
	case id != g.session || g.isPending():
		reply(w, 200, obj{"status": "pending"})
	default:
		g.ready(w, r, func(text string) { reply(w, 500, detail("Error checking session status: 403: "+text)) })
	}
}

func (g *fake) isPending() bool {
	if g.never || !g.done {
		return true
	}
	if g.pending > 0 {
		g.pending--
		return true
	}
	return false
}

func (g *fake) userInfo(w http.ResponseWriter, r *http.Request) {
	key, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if g.invalid || !slices.Contains(g.secrets, key) {
		reply(w, 401, obj{"error": obj{"message": "LiteLLM Virtual Key expected. Received=lite****AAAA, expected to start with 'sk-'.", "type": "auth_error", "param": "None", "code": "401"}})
		return
	}
	teams := g.memberOf
	if teams == nil {
		teams = g.teamIDs()
	}
	reply(w, 200, obj{"user_id": g.user, "user_email": g.user + "@example.com", "user_alias": nil, "user_role": "internal_user", "spend": 0.5, "max_budget": nil, "teams": teams, "budget_reset_at": nil})
}

func (g *fake) teamInfo(w http.ResponseWriter, r *http.Request) {
	for _, t := range g.teams {
		if t.ID == r.URL.Query().Get("team_id") {
			reply(w, 200, obj{"team_id": t.ID, "team_info": obj{"team_id": t.ID, "team_alias": t.Alias}})
			return
		}
	}
	reply(w, 404, detail("Team not found"))
}

// browse plays the browser of a person who signs in and approves: it returns the address that an /authorize page sends
// the browser to, and nothing for the other flows.
func (g *fake) browse(address, code string) (redirect string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(address, g.URL+"/") {
		g.t.Errorf("the browser is sent to %s", address)
		return ""
	}
	q := u.Query()
	if u.Path == "/authorize" {
		if q.Get("response_type") != "code" || q.Get("code_challenge_method") != "S256" || len(q.Get("code_challenge")) != 43 || q.Get("resource") != g.URL || len(q.Get("state")) < 40 ||
			!strings.HasPrefix(q.Get("client_id"), "llm_dcrc_") {
			g.t.Errorf("not a request for a code: %s", address)
		}
		g.secrets = append(g.secrets, q.Get("state"))
		c := g.fresh("llm_gcode_")
		g.codes[c] = q
		return q.Get("redirect_uri") + "?" + url.Values{"code": {c}, "state": {q.Get("state")}}.Encode()
	}
	if u.Path != "/sso/key/generate" || q.Get("source") != "litellm-cli" || q.Has("existing_key") {
		g.t.Errorf("the browser is sent to %s", address)
	}
	if g.old {
		if g.session = q.Get("key"); code != "" || !strings.HasPrefix(g.session, "sk-") || len(g.session) < 35 {
			g.t.Errorf("%s with code %q", address, code)
		}
		g.secrets = append(g.secrets, g.session)
	} else if q.Get("key") != g.session || code != "ABCD-2345" {
		g.t.Errorf("%s with code %q", address, code)
	}
	g.done = true
	return ""
}

// elsewhere is a server that nothing must be sent to.
func elsewhere(g *fake) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.t.Errorf("%s %s was sent elsewhere", r.Method, r.URL)
	}))
	g.t.Cleanup(s.Close)
	return s
}
