package rest_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/openmip/openmip/mip/rest"
)

func TestABodyIsSignedByOneOfTheSecrets(t *testing.T) {
	body := []byte(`{"id":7}`)
	sign := func(secret string) string {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(body)
		return base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	fresh, old := rest.NewSecret("fresh"), rest.NewSecret("old")
	for name, c := range map[string]struct {
		given   string
		secrets []rest.Secret
		want    bool
	}{
		"the new secret":               {sign("fresh"), []rest.Secret{fresh, old}, true},
		"the old one, while it counts": {sign("old"), []rest.Secret{fresh, old}, true},
		"the old one afterwards":       {sign("old"), []rest.Secret{fresh, {}}, false},
		"another one":                  {sign("guess"), []rest.Secret{fresh, old}, false},
		"no secret at all":             {sign(""), []rest.Secret{{}, {}}, false},
		"nobody's":                     {sign(""), nil, false},
		"no signature":                 {"", []rest.Secret{fresh}, false},
		"no base64":                    {"%%", []rest.Secret{fresh}, false},
		"half a signature":             {sign("fresh")[:16], []rest.Secret{fresh}, false},
	} {
		assert.Equal(t, c.want, rest.Signed(body, c.given, c.secrets...), name)
	}
}

func TestADeliveryIsKnownByItsBodyAndItsOwnID(t *testing.T) {
	a := rest.DeliveryID([]byte("a"), "1")
	assert.Equal(t, a, rest.DeliveryID([]byte("a"), "1"))
	for _, other := range []string{rest.DeliveryID([]byte("b"), "1"), rest.DeliveryID([]byte("a"), "2"), rest.DeliveryID([]byte("a"), "")} {
		assert.NotEqual(t, a, other)
	}
	assert.LessOrEqual(t, len(a), 128)
}
