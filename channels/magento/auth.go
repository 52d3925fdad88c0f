package magento

import (
	"context"
	"net/http"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// tokenLife is how long Magento keeps an administrator's token by default.
const tokenLife = 4 * time.Hour

// authorize chooses how requests are signed.
func (s *Shop) authorize(api *rest.Config) error {
	c := s.config
	switch oauth := c.ConsumerKey.Set() || c.ConsumerSecret.Set() || c.TokenSecret.Set(); {
	case c.User != "" && c.Password.Set() && !oauth && !c.AccessToken.Set():
		login := *api
		entrance, err := rest.New(login)
		if err != nil {
			return err
		}
		tokens := rest.NewTokens(func(ctx context.Context) (rest.Token, error) { return s.login(ctx, entrance) })
		api.Auth, api.Rejected = tokens.Authorize, tokens.Rejected
	case c.User != "" || c.Password.Set():
		return fail("config", mip.ErrInvalid, "User and Password go together, and with no other credential")
	case c.ConsumerKey.Set() && c.ConsumerSecret.Set() && c.AccessToken.Set() && c.TokenSecret.Set():
		api.Auth = rest.OAuth1{Key: c.ConsumerKey, Secret: c.ConsumerSecret, Token: c.AccessToken, TokenSecret: c.TokenSecret, Now: s.clock.Now}.Authorize
		api.Rejected = s.outOfTime
	case oauth || !c.AccessToken.Set():
		return fail("config", mip.ErrInvalid, "credentials are incomplete: four of OAuth, or an access token, or user and password")
	default:
		api.Auth = rest.Bearer(c.AccessToken)
	}
	return nil
}

// login exchanges user and password for a token.
func (s *Shop) login(ctx context.Context, entrance *rest.Client) (rest.Token, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	began := time.Now()
	var token rest.Secret
	err := entrance.Do(ctx, rest.Call{Method: "POST", Path: "/integration/admin/token", Access: rest.Read, Out: &token,
		Body: map[string]string{"username": s.config.User, "password": s.config.Password.Reveal()}})
	return rest.Token{Value: token, Expires: began.Add(tokenLife)}, err
}

// outOfTime reports whether a signature was refused because our clock is
// wrong, which the refusal's own Date has just put right. Magento refuses
// what is signed more than ten minutes ahead of its own clock.
func (s *Shop) outOfTime(r *http.Request) bool {
	sent := rest.OAuth1Time(r)
	return !sent.IsZero() && s.clock.Now().Sub(sent).Abs() > time.Minute
}
