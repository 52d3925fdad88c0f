package shopify

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

const tokenHeader = "X-Shopify-Access-Token"

// TokenSource gives access tokens, for apps that other merchants install:
// they come from a token exchange, an authorization code or a refresh token.
type TokenSource interface {
	// Token returns a token and when it expires. It is called when one is
	// needed and never twice at once; it needs a time limit of its own.
	Token(ctx context.Context) (rest.Token, error)
}

// static is a token that does not expire.
type static struct{ token rest.Secret }

func (s static) Token(context.Context) (rest.Token, error) { return rest.Token{Value: s.token}, nil }

// credentials gets tokens for the app's own id and secret (OAuth 2.0 client
// credentials). Shopify: 24 hours each.
type credentials struct {
	api    *rest.Client
	id     string
	secret rest.Secret
}

func newCredentials(c Config) (*credentials, error) {
	api, err := rest.New(rest.Config{Name: "shopify", BaseURL: c.URL, Transport: c.Transport, Logger: c.Logger, Seen: c.Seen,
		Classify: func(_ rest.Call, r rest.Response) error {
			if r.Status == http.StatusBadRequest {
				return &mip.Error{Kind: mip.ErrUnauthorized, Err: errors.New("the client id or secret is refused")}
			}
			return nil
		}})
	return &credentials{api: api, id: c.ClientID, secret: c.ClientSecret}, err
}

func (c *credentials) Token(ctx context.Context) (rest.Token, error) {
	var out struct {
		Token   rest.Secret `json:"access_token"`
		Expires json.Number `json:"expires_in"`
	}
	began := time.Now()
	err := c.api.Do(ctx, rest.Call{Method: http.MethodPost, Path: "/admin/oauth/access_token", Access: rest.Read, Out: &out,
		Body: url.Values{"grant_type": {"client_credentials"}, "client_id": {c.id}, "client_secret": {c.secret.Reveal()}}})
	if err != nil {
		return rest.Token{}, err
	}
	t := rest.Token{Value: out.Token}
	if seconds, err := strconv.ParseInt(out.Expires.String(), 10, 32); err == nil && seconds > 0 {
		t.Expires = began.Add(time.Duration(seconds) * time.Second)
	}
	return t, nil
}

// authorize signs one request.
func (s *Shop) authorize(r *http.Request) error {
	token, err := s.tokens.Get(r.Context())
	if err != nil {
		return err
	}
	r.Header.Set(tokenHeader, token.Reveal())
	return nil
}

// rejected forgets the token that r carried, and reports whether another one
// can be had.
func (s *Shop) rejected(r *http.Request) bool {
	s.tokens.Forget(r.Header.Get(tokenHeader))
	return !s.config.Token.Set()
}
