package rest_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/openmip/openmip/mip/rest"
)

func TestClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c rest.Clock
		off := func() time.Duration { return time.Until(c.Now()) }
		assert.Zero(t, off(), "ours, until something was learnt")
		c.Read(http.Header{"Date": {time.Now().UTC().Add(-5 * time.Hour).Format(http.TimeFormat)}})
		assert.Equal(t, -5*time.Hour, off())
		assert.Equal(t, time.UTC, c.Now().Location())
		time.Sleep(time.Minute)
		assert.Equal(t, -5*time.Hour, off(), "it goes on")
		for _, none := range []string{"", "yesterday", "Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"} {
			c.Read(http.Header{"Date": {none}})
			assert.Equal(t, -5*time.Hour, off(), none)
		}
		c.See(time.Now().Add(time.Hour))
		assert.Equal(t, time.Hour, off())
	})
}
