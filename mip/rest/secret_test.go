package rest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip/rest"
)

func TestNothingPrivateLeaks(t *testing.T) {
	const canary = "CANARY"
	var logged bytes.Buffer
	var tries []rest.Try
	wires := []wire{
		always(200, `"`+canary+`"`), always(200, canary), always(400, canary), always(302, canary, "Location", "https://x/"+canary),
		always(429, canary), always(200, `{"id":"`+canary+`"}`), always(200, `{"id":1.5}`+canary),
		func(r *http.Request) (*http.Response, error) { return nil, errors.New("reset") },
	}
	for _, w := range wires {
		c := client(t, w, once, func(c *rest.Config) {
			c.Auth = rest.Bearer(rest.NewSecret(canary))
			c.Logger = slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
			c.Seen = func(_ context.Context, x rest.Try) { tries = append(tries, x) }
		})
		var reply rest.Response
		err := c.Do(t.Context(), rest.Call{Method: "POST", Path: "a/{id}", Vars: rest.Vars{"id": canary},
			Query: url.Values{"q": {canary}}, Body: canary, Out: &struct{ ID int }{}, Reply: &reply})
		require.Error(t, err)
		assert.NotContains(t, err.Error(), canary)
		assert.NotContains(t, fmt.Sprintf("%v %+v %#v %s", reply, reply, reply, &reply), canary)
		slog.New(slog.NewTextHandler(&logged, nil)).Info("reply", "reply", reply)
	}
	assert.NotEmpty(t, logged.String())
	assert.NotContains(t, logged.String(), canary)
	require.Len(t, tries, len(wires))
	assert.NotContains(t, fmt.Sprintf("%+v", tries), canary)
	assert.Equal(t, "POST a/{id}", tries[0].Call)
}

func TestSecret(t *testing.T) {
	s := rest.NewSecret("hunter2")
	t.Run("no way of printing shows it", func(t *testing.T) {
		type config struct {
			Key    rest.Secret
			hidden rest.Secret
			Ptr    *rest.Secret
		}
		c := config{s, s, &s}
		b, err := json.Marshal(c)
		require.NoError(t, err)
		var log strings.Builder
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "key", s, "config", c)
		for _, text := range []string{fmt.Sprint(s, c), fmt.Sprintf("%+v %#v %q %x", c, c, s, s), s.String(), string(b), log.String()} {
			assert.NotContains(t, text, "hunter2")
			assert.NotContains(t, text, fmt.Sprintf("%x", "hunter2"))
		}
	})
	t.Run("it can be read from JSON", func(t *testing.T) {
		var c struct{ Key rest.Secret }
		require.NoError(t, json.Unmarshal([]byte(`{"Key":"hunter2"}`), &c))
		assert.Equal(t, "hunter2", c.Key.Reveal())
		assert.True(t, c.Key.Set())
	})
	t.Run("an empty one is none", func(t *testing.T) {
		assert.False(t, rest.NewSecret("").Set())
		assert.Empty(t, rest.Secret{}.Reveal())
	})
}
