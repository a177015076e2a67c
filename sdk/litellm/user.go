package litellm

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/sdk"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// User is a user of the gateway, as far as a client reads it.
type User struct {
	UserID    string          `json:"user_id" column:"ID,name=id"`
	Email     *string         `json:"user_email" column:"EMAIL,name=email"`
	Role      *string         `json:"user_role" column:"ROLE,name=role"`
	Teams     []string        `json:"teams" column:"TEAMS" help:"Ids of the teams the user is a member of."`
	Alias     *string         `json:"user_alias" column:"ALIAS,name=alias,wide"`
	Spend     json.Number     `json:"spend" column:"SPEND,format=dollars"`
	MaxBudget *json.Number    `json:"max_budget" column:"LIMIT,name=limit,format=dollars"`
	KeyCount  int             `json:"key_count" column:"KEYS,name=keys" help:"Of the keys that belong to the user. Only lists tell it."`
	CreatedAt string          `json:"created_at" column:"CREATED,name=created,format=ago"`
	Models    []string        `json:"models" help:"Empty for all."`
	Metadata  json.RawMessage `json:"metadata"`

	Raw json.RawMessage `json:"-"` // all that the gateway told, unchanged
}

// ReadUser reads one row of /user/list or an answer of /v2/user/info. An answer without an id, null for instance, did not
// come from LiteLLM.
func ReadUser(raw json.RawMessage) (*User, error) {
	u := &User{}
	if err := json.Unmarshal(raw, u); err != nil || u.UserID == "" && !hasMember(raw, "user_id") {
		return nil, problem.New(problem.Unreachable, "the answer holds something that is no user").WithHint(addressHint)
	}
	u.Raw = raw
	return u, nil
}

// String is the user in a few words: u-17  bob@example.com  "Bob"  internal_user.
func (u *User) String() string {
	parts := []string{u.UserID}
	for _, text := range []string{Text(u.Email), quoted(Text(u.Alias)), Text(u.Role)} {
		if text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, "  ")
}

// Text is what a member holds that may be null; empty then.
func Text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func quoted(text string) string {
	if text == "" {
		return ""
	}
	return `"` + text + `"`
}

// UserByID reads one user; a missing one is an error with the code NotFound. The gateway says of other people to a caller
// that is no admin that they are missing (observed on LiteLLM 1.106.2 and 1.83.14).
func UserByID(ctx context.Context, inv *sdk.Invocation, id string) (*User, error) {
	if id == "" {
		return nil, problem.New(problem.Usage, "a user's id is empty").WithState(problem.Unchanged)
	}
	r, err := inv.Do(ctx, sdk.Request{Method: "GET", Path: "/v2/user/info", Query: sdk.Query{"user_id": id}.Encode()})
	if isMissing(err) {
		return nil, missingUser(id, problem.As(err).Said)
	}
	if err != nil {
		return nil, err
	}
	u, err := ReadUser(r.Body)
	if err != nil {
		return nil, err
	}
	if u.UserID != id {
		return nil, missingUser(id, "")
	}
	return u, nil
}

// UserRow reads one user with everything that the list tells and /v2/user/info does not: the number of keys, and on LiteLLM
// 1.83.14 the rate limits. An id with a comma, or a blank at its end, cannot be asked for there; for it, the answer is that
// of UserByID. Only admins may ask.
func UserRow(ctx context.Context, inv *sdk.Invocation, id string) (*User, error) {
	if id != "" && !strings.Contains(id, ",") && strings.TrimSpace(id) == id {
		// A single id would be taken for a part of one, in any case; several are compared exactly.
		users, err := usersWhere(ctx, inv, sdk.Query{"user_ids": id + "," + id}, func(u *User) bool { return u.UserID == id })
		if err != nil {
			return nil, err
		}
		if len(users) > 0 {
			return users[0], nil
		}
	}
	return UserByID(ctx, inv, id)
}

// UsersByEmail reads the users with an e-mail. Case does not tell two of them apart, for the gateway goes by the same rule
// when it makes a user; its filter also gives those whose e-mail only contains the text.
func UsersByEmail(ctx context.Context, inv *sdk.Invocation, email string) ([]*User, error) {
	if email == "" {
		return nil, problem.New(problem.Usage, "a user's e-mail is empty").WithState(problem.Unchanged)
	}
	return usersWhere(ctx, inv, sdk.Query{"user_email": email}, func(u *User) bool { return FoldEmail(Text(u.Email)) == FoldEmail(email) })
}

// FoldEmail is an e-mail with A to Z in lower case: what is equal then is the same e-mail. Letters outside ASCII are not
// touched, so that none of them can pass for another.
func FoldEmail(email string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, email)
}

// usersWhere walks a filtered list to its end and keeps what really fits.
func usersWhere(ctx context.Context, inv *sdk.Invocation, filter sdk.Query, fits func(*User) bool) ([]*User, error) {
	var out []*User
	_, err := UserPages(filter).Walk(ctx, inv, func(row json.RawMessage) error {
		u, err := ReadUser(row)
		if err == nil && fits(u) {
			out = append(out, u)
		}
		return err
	})
	return out, err
}

// UserByEmail reads the one user with an e-mail. None is an error with the code NotFound, several one with the code Failed
// that names their ids.
func UserByEmail(ctx context.Context, inv *sdk.Invocation, email string) (*User, error) {
	users, err := UsersByEmail(ctx, inv, email)
	switch {
	case err != nil:
		return nil, err
	case len(users) == 0:
		return nil, &problem.Error{
			Code: problem.NotFound, Message: fmt.Sprintf("there is no user with the e-mail %q", email), Field: "email",
			Hint: "litellm-proxy users list --email TEXT finds those whose e-mail contains a text",
		}
	case len(users) > 1:
		return nil, ambiguousUser(fmt.Sprintf("%d users have the e-mail %q", len(users), email), users)
	}
	return users[0], nil
}

// FindUser reads the user whom a name on the command line means: an id, or else an e-mail that exactly one user has. Both
// meanings at once is an error that lists both.
func FindUser(ctx context.Context, inv *sdk.Invocation, name string) (*User, error) {
	byID, err := UserByID(ctx, inv, name)
	switch {
	case err != nil && !IsNotFound(err):
		return nil, err
	case byID != nil && !strings.Contains(name, "@"):
		return byID, nil
	}
	byEmail, err := UserByEmail(ctx, inv, name)
	switch {
	case byID == nil && IsNotFound(err):
		return nil, missingUser(name, "")
	case byID == nil:
		return byEmail, err
	case IsNotFound(err), problem.CodeOf(err) == problem.Denied: // a caller who may not list users has found himself
		return byID, nil
	case err != nil && byEmail == nil && problem.CodeOf(err) != problem.Failed:
		return nil, err
	case err == nil && byEmail.UserID == byID.UserID:
		return byID, nil
	case err == nil:
		return nil, ambiguousUser(fmt.Sprintf("%q is the id of one user and the e-mail of another", name), []*User{byID, byEmail})
	}
	return nil, err
}

func missingUser(name, said string) error {
	return &problem.Error{
		Code: problem.NotFound, Message: fmt.Sprintf("there is no user %q", name), Said: said, Field: "user",
		Hint: "litellm-proxy users list shows them",
	}
}

func ambiguousUser(why string, users []*User) error {
	e := &problem.Error{Code: problem.Failed, Message: why, Hint: "name the one that is meant by its id: --id ID", Field: "user", Type: Ambiguous}
	for _, u := range users {
		e.Facts = append(e.Facts, problem.Fact{Label: "is", Text: u.String()})
	}
	return e
}
