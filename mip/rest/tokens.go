package rest

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/openmip/openmip/mip"
)

// Token is a credential with an end.
type Token struct {
	Value   Secret
	Expires time.Time // zero = until it is rejected
}

// Tokens keeps one bearer token and renews it: a minute before it expires (or
// at half its life if that is shorter than two minutes), and when the other
// side rejects it. However many calls need one, only one fetch runs. Safe for
// concurrent use.
//
//	tokens := rest.NewTokens(fetch)
//	rest.Config{Auth: tokens.Authorize, Rejected: tokens.Rejected}
type Tokens struct {
	fetch  func(context.Context) (Token, error)
	flight singleflight.Group

	mu    sync.Mutex
	token Token
	renew time.Time // zero = not by time
}

// NewTokens returns a source that calls fetch when a token is needed; nothing
// is fetched before. fetch is not ended by the context of the call that
// happened to start it, so it needs a time limit of its own.
func NewTokens(fetch func(context.Context) (Token, error)) *Tokens { return &Tokens{fetch: fetch} }

// Get returns a token that has not expired, fetching one if there is none.
func (t *Tokens) Get(ctx context.Context) (Secret, error) {
	if v, ok := t.fresh(); ok {
		return v, nil
	}
	done := t.flight.DoChan("", func() (any, error) {
		if v, ok := t.fresh(); ok {
			return v, nil
		}
		now := time.Now()
		token, err := t.fetch(context.WithoutCancel(ctx))
		if err != nil {
			return Secret{}, err
		}
		if !token.Value.Set() {
			return Secret{}, &mip.Error{Op: "token", Kind: mip.ErrContract, Err: errors.New("no token in the answer")}
		}
		t.keep(token, now)
		return token.Value, nil
	})
	select {
	case r := <-done:
		v, _ := r.Val.(Secret)
		return v, r.Err
	case <-ctx.Done():
		return Secret{}, &mip.Error{Op: "token", Kind: mip.ErrUnavailable, Err: ctx.Err()}
	}
}

// Authorize sets the Authorization header; for [Config.Auth].
func (t *Tokens) Authorize(r *http.Request) error {
	v, err := t.Get(r.Context())
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+v.Reveal())
	return nil
}

// Rejected forgets the token that r carried, unless it was replaced already,
// and reports that another one is worth a try; for [Config.Rejected].
func (t *Tokens) Rejected(r *http.Request) bool {
	t.Forget(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	return true
}

// Forget drops a token that was rejected, unless it was replaced already: for
// vendors that want it elsewhere than in the Authorization header.
func (t *Tokens) Forget(value string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if value == t.token.Value.Reveal() {
		t.token, t.renew = Token{}, time.Time{}
	}
}

func (t *Tokens) fresh() (Secret, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	ok := t.token.Value.Set() && (t.renew.IsZero() || time.Now().Before(t.renew))
	return t.token.Value, ok
}

func (t *Tokens) keep(token Token, since time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.token, t.renew = token, time.Time{}
	if !token.Expires.IsZero() {
		life := token.Expires.Sub(since)
		t.renew = token.Expires.Add(-min(time.Minute, life/2))
	}
}
