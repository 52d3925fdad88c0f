package mip_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/openmip/openmip/mip"
)

func TestReferenceReadsWellWhereItCan(t *testing.T) {
	for _, c := range []struct {
		claim   string
		ref     mip.Ref
		gen     int
		want    string
		pattern string
	}{
		{"a number", mip.Ref{Channel: "shop", ID: "1001"}, 1, "shop-1001", ""},
		{"a third generation", mip.Ref{Channel: "shop", ID: "1001"}, 3, "shop-1001--3", ""},
		{"hyphens", mip.Ref{Channel: "amz", ID: "028-1234567-1234567"}, 1, "amz-028-1234567-1234567", ""},
		{"upper case carries a digest", mip.Ref{Channel: "shop", ID: "XKBKNABJK"}, 1, "", `^shop-xkbknabjk--x[a-z2-7]{16}$`},
		{"a slash carries a digest", mip.Ref{Channel: "shop", ID: "gid://shopify/Order/1"}, 1, "", `^shop-gid-shopify-order-1--x[a-z2-7]{16}$`},
		{"nothing readable at all", mip.Ref{Channel: "shop", ID: "注文"}, 2, "", `^shop-+x[a-z2-7]{16}--2$`},
		{"too long is shortened", mip.Ref{Channel: "averylongchannel", ID: strings.Repeat("9", 60)}, 12, "", `^averylongchannel-9+--x[a-z2-7]{16}--12$`},
	} {
		t.Run(c.claim, func(t *testing.T) {
			got := mip.Reference(c.ref, c.gen)
			if c.want != "" {
				assert.Equal(t, c.want, got)
			} else {
				assert.Regexp(t, regexp.MustCompile(c.pattern), got)
			}
		})
	}
}

func TestReferencesAreShortURLSafeAndNeverShared(t *testing.T) {
	channel := rapid.StringMatching(`[a-z0-9]{1,16}`)
	id := rapid.OneOf(rapid.StringMatching(`[0-9]{1,12}`), rapid.StringMatching(`[a-z0-9-]{1,60}`), rapid.StringMatching(`[A-Za-z0-9/_:#.-]{1,40}`),
		rapid.StringMatching(`[0-9]{1,4}(--[x0-9]{1,3})?`), rapid.StringN(1, 40, 120))
	seen := map[string]string{}
	rapid.Check(t, func(rt *rapid.T) {
		r, gen := mip.Ref{Channel: channel.Draw(rt, "channel"), ID: id.Draw(rt, "id")}, rapid.IntRange(1, 120).Draw(rt, "generation")
		got := mip.Reference(r, gen)
		require.LessOrEqual(rt, len(got), mip.MaxReference)
		require.Regexp(rt, `^[a-z0-9-]+$`, got)
		require.Equal(rt, got, url.PathEscape(got))
		require.Equal(rt, got, mip.Reference(r, gen), "pure")
		who := r.String() + "\x00" + string(rune(gen))
		if other, taken := seen[got]; taken {
			require.Equal(rt, other, who, "two orders share the reference %s", got)
		}
		seen[got] = who
	})
}

func TestRef(t *testing.T) {
	r, err := mip.ParseRef("shop/gid://shopify/Order/1")
	require.NoError(t, err)
	assert.Equal(t, mip.Ref{Channel: "shop", ID: "gid://shopify/Order/1"}, r)
	assert.Equal(t, "shop/gid://shopify/Order/1", r.String())
	for _, bad := range []string{"", "shop", "shop/", "/1", "Shop/1", "my-shop/1", "averyveryverylongname/1", "shop/a\nb", "shop/\xff", "shop/" + strings.Repeat("x", 129)} {
		_, err := mip.ParseRef(bad)
		assert.ErrorIs(t, err, mip.ErrInvalid, bad)
	}
}
