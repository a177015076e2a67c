package app

import (
	"context"
	"slices"
	"time"

	"github.com/litellm-proxy/litellm-proxy/core/auth"
	"github.com/litellm-proxy/litellm-proxy/core/config"
	"github.com/litellm-proxy/litellm-proxy/core/transport"
	"github.com/litellm-proxy/litellm-proxy/sdk/problem"
)

// keep puts a sign-in into its profile and into the store, and returns what was there before. When it fails, both are as they
// were.
func (s *session) keep(ctx context.Context, gateway *config.Gateway, fresh bool, store auth.Store, sign *auth.SignIn) (previous *auth.SignIn, err error) {
	added, err := s.settle(ctx, gateway, fresh)
	if err != nil {
		return nil, err
	}
	done, err := auth.Turn(ctx, s.lockDir(), gateway.Profile)
	if err == nil {
		defer done()
		previous, _ = store.Get(ctx, gateway.Profile) // a renewal may have been faster than the person
		err = store.Put(ctx, gateway.Profile, sign)
	}
	if err != nil && added {
		_ = s.edit(context.WithoutCancel(ctx), func(f *config.File) ([]byte, error) { return f.RemoveProfile(gateway.Profile) })
	}
	return previous, err
}

// settle adds the profile of a sign-in if it is fresh, and says so; it uses the profile if none is in use. Another process may
// have been faster: then a fresh profile gets another name, unless it was named.
func (s *session) settle(ctx context.Context, gateway *config.Gateway, fresh bool) (added bool, err error) {
	err = s.edit(ctx, func(f *config.File) (doc []byte, err error) {
		kept := f.Kept()
		there := slices.IndexFunc(kept.Profiles, func(p config.Address) bool { return p.Name == gateway.Profile })
		switch {
		case there >= 0 && config.Same(kept.Profiles[there].URL, gateway.URL):
		case there >= 0 && gateway.URLFrom == namedBoth:
			return nil, problem.New(problem.Usage, "profile %q has become one for %s meanwhile", gateway.Profile, kept.Profiles[there].URL)
		case there < 0 && !fresh:
			return nil, problem.New(problem.Usage, "profile %q has been removed meanwhile", gateway.Profile)
		default:
			gateway.Profile, added = unique(gateway.Profile, kept.Names()), true
			if doc, err = apply(f, gateway.Profile, []setting{{"url", gateway.URL}}); err != nil {
				return nil, err
			}
			if f, err = f.With(doc); err != nil {
				return nil, err
			}
		}
		if f.InUse != "" {
			return f.Doc(), nil
		}
		return f.SetText([]string{"profile"}, gateway.Profile)
	})
	return added && err == nil, err
}

// endNow ends a sign-in at the gateway that nobody can keep.
func endNow(ctx context.Context, client *transport.Client, sign *auth.SignIn) {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer stop()
	_ = auth.Revoke(ctx, client, sign) // what cannot be ended ends by itself
}
