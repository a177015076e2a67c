package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/litellm-proxy/litellm-proxy/core/auth"
	"github.com/litellm-proxy/litellm-proxy/core/term"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// person is who signs in, at the terminal; it is nobody where there is none.
type person struct {
	*session
	browser bool // one may be opened
	prompt  *term.Prompter
}

func (p *person) present() bool { return p.Streams.InTTY && p.Streams.ErrTTY }

// hasBrowser says whether a browser on this machine can be opened.
func (p *person) hasBrowser() bool { return p.browser && browserFor(p.Getenv) != nil }

// Visit shows an address, and opens it where there is a browser.
func (p *person) Visit(_ context.Context, address, code string) error {
	opened := false
	if p.hasBrowser() {
		if err := openBrowser(browserFor(p.Getenv), address, p.keyless()); err != nil {
			p.say("the browser could not be opened: %v", err)
		} else {
			opened = true
		}
	}
	switch {
	case opened:
		p.say("The browser opens this address:")
	default:
		p.say("Open this address in a browser:")
	}
	p.progress.Stop()
	// Both are secrets, as far as anything else is concerned.
	fmt.Fprintf(p.plain, "\n  %s\n\n", term.VisibleLine(address))
	if code != "" {
		fmt.Fprintf(p.plain, "and enter the code  %s\n", term.VisibleLine(code))
	}
	return nil
}

// Pasted reads the address that a browser elsewhere has ended at.
func (p *person) Pasted(ctx context.Context) (string, error) {
	if !p.present() {
		return "", auth.ErrNoPerson
	}
	return p.line(ctx, "Waiting for the browser. If it ends elsewhere, paste its address here: ")
}

func (p *person) line(ctx context.Context, question string) (string, error) {
	p.progress.Stop()
	if p.prompt == nil {
		p.prompt = term.NewPrompter(p.Streams)
	}
	line, err := p.prompt.Line(ctx, question)
	switch {
	case errors.Is(err, term.ErrInterrupted):
		return "", problem.New(problem.Interrupted, "the sign-in was interrupted").WithState(unstored)
	case errors.Is(err, io.EOF):
		return "", auth.ErrNoPerson
	}
	return strings.TrimSpace(line), err
}

// Choose asks for one of several teams, by its number or its name.
func (p *person) Choose(ctx context.Context, teams []auth.Team) (auth.Team, error) {
	if !p.present() {
		return auth.Team{}, auth.ErrNoPerson
	}
	var b strings.Builder
	b.WriteString("You are in several teams. In which one do you want to act?\n")
	for i, t := range teams {
		fmt.Fprintf(&b, "  %d  %s\n", i+1, teamName(t))
	}
	p.say("%s", strings.TrimRight(b.String(), "\n"))
	for {
		answer, err := p.line(ctx, "Team (number or name): ")
		if err != nil {
			return auth.Team{}, err
		}
		if n, err := strconv.Atoi(answer); err == nil && n >= 1 && n <= len(teams) {
			return teams[n-1], nil
		}
		var found []auth.Team
		for _, t := range teams {
			if answer != "" && (t.ID == answer || t.Alias == answer) {
				found = append(found, t)
			}
		}
		if len(found) == 1 {
			return found[0], nil
		}
		p.say("%s: a number from 1 to %d, or the name of one of them", map[bool]string{true: "That is no answer", false: fmt.Sprintf("%q names %d teams", answer, len(found))}[len(found) == 0], len(teams))
	}
}

func teamName(t auth.Team) string {
	if t.Alias == "" || t.Alias == t.ID {
		return t.ID
	}
	return t.Alias + "  (" + t.ID + ")"
}

// Say tells the person something.
func (p *person) Say(text string) { p.say("%s", text) }
