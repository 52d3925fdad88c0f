package paypal

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// early is how long before its end a token is renewed; [rest.Tokens] takes a
// minute more.
const early = 4 * time.Minute

// newTokens returns the access token of the application: one for all calls,
// because PayPal throttles whoever fetches one for each payment.
func newTokens(c ClientConfig) (*rest.Tokens, error) {
	r, err := rest.New(rest.Config{Name: "paypal", BaseURL: c.BaseURL, Auth: rest.Basic(c.ClientID, c.Secret),
		Classify: classify, Retry: c.Retry, MaxWait: c.MaxWait, Timeout: c.Timeout, MaxBody: 1 << 20,
		Limiter: c.Limiter, Transport: c.Transport, Logger: c.Logger})
	if err != nil {
		return nil, err
	}
	return rest.NewTokens(func(ctx context.Context) (rest.Token, error) {
		began := c.Now()
		var out struct {
			Token   rest.Secret `json:"access_token"`
			Type    string      `json:"token_type"`
			Seconds int64       `json:"expires_in"`
		}
		err := r.Do(ctx, rest.Call{Method: http.MethodPost, Path: "/v1/oauth2/token", Access: rest.Read,
			Body: url.Values{"grant_type": {"client_credentials"}}, Out: &out})
		if err != nil {
			return rest.Token{}, err
		}
		if !out.Token.Set() || out.Seconds <= 0 || !strings.EqualFold(out.Type, "bearer") {
			return rest.Token{}, &mip.Error{Op: "paypal: token", Kind: mip.ErrContract, Err: errors.New("no token in the answer")}
		}
		life := time.Duration(min(out.Seconds, 30*24*3600)) * time.Second
		return rest.Token{Value: out.Token, Expires: began.Add(life - min(early, life/2))}, nil
	}), nil
}

// replyKey finds a call's last answer in the context of its request.
type replyKey struct{}

// rejected renews the token after a 401. A 403 is about permissions: another
// token has no more of them.
func rejected(tokens *rest.Tokens) func(*http.Request) bool {
	return func(r *http.Request) bool {
		reply, ok := r.Context().Value(replyKey{}).(*rest.Response)
		return ok && reply.Status == http.StatusUnauthorized && tokens.Rejected(r)
	}
}

// configError names the fields that are wrong and quotes no value.
func configError(err error) error {
	var wrong []string
	if fields, ok := errors.AsType[validator.ValidationErrors](err); ok {
		for _, f := range fields {
			wrong = append(wrong, f.Field()+" ("+f.Tag()+")")
		}
	} else {
		wrong = append(wrong, "Secret (required)")
	}
	return &mip.Error{Op: "paypal: config", Kind: mip.ErrInvalid, Err: errors.New("wrong or missing: " + strings.Join(wrong, ", "))}
}
