package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// env looks variables up in a list of NAME=value.
func env(list []string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for _, entry := range list {
			if value, ok := strings.CutPrefix(entry, name+"="); ok {
				return value, true
			}
		}
		return "", false
	}
}

const minimal = `{"listen": ":8080", "store": {"url": "sqlite:orders.db"}, "bigbuy": {"key": "${KEY}"}}`

// with is the smallest configuration with more fields.
func with(fields string) string { return strings.TrimSuffix(minimal, "}") + ", " + fields + "}" }

func read(t *testing.T, text string) (*config, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "server.json")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	c, err := readConfig(path, env([]string{"KEY=key-canary", "DB=postgres://u:pw-canary@localhost/x"}))
	if err == nil {
		err = rehearse(c)
	}
	return c, err
}

func TestConfigurationsThatAreWrongSayWhere(t *testing.T) {
	shop := func(fields string) string { return with(`"channels": [{` + fields + `}]`) }
	const woo = `"type": "woocommerce", "name": "a", "url": "http://a.test", "key": "${KEY}", "secret": "${KEY}"`
	for name, c := range map[string]struct{ text, want string }{
		"no JSON":               {`{"listen": }`, "not JSON, line 1"},
		"it ends too early":     {`{"listen": ":80"`, "it ends too early"},
		"two documents":         {minimal + minimal, "something follows"},
		"a list":                {`[]`, "file: want an object"},
		"a field twice":         {with(`"listen": ":1"`), "listen: stands here twice"},
		"an unknown field":      {with(`"lisen": ":1"`), "lisen: no such field; there are bigbuy, channels"},
		"an unknown deep field": {with(`"timing": {"tracks": "1s"}`), "timing.tracks: no such field"},
		"a field of another kind of shop": {shop(woo + `, "store_view": "x"`),
			"channels[0].store_view: no such field"},
		"no listen":               {`{"store": {"url": "sqlite:a.db"}, "bigbuy": {"key": "${KEY}"}}`, "listen: is required"},
		"a listen without a port": {strings.Replace(minimal, ":8080", "localhost", 1), "listen: want host:port"},
		"no store":                {`{"listen": ":1", "bigbuy": {"key": "${KEY}"}}`, "store.url: is required"},
		"another store":           {strings.Replace(minimal, "sqlite:orders.db", "mysql://x", 1), "store.url: want sqlite:FILE or postgres://"},
		"a password in the file":  {strings.Replace(minimal, "sqlite:orders.db", "postgres://u:pw-canary@localhost/x", 1), "store.url: a password does not stand here"},
		"a secret in the file":    {strings.Replace(minimal, "${KEY}", "key-canary", 1), "bigbuy.key: want \"${NAME}\" of the environment"},
		"a variable not set":      {strings.Replace(minimal, "${KEY}", "${KEYS}", 1), "bigbuy.key: the variable KEYS is not set"},
		"a file that is missing":  {strings.Replace(minimal, "${KEY}", "@/nowhere/key", 1), "bigbuy.key: the file /nowhere/key cannot be read"},
		"no key":                  {strings.Replace(minimal, `"key": "${KEY}"`, "", 1), "bigbuy.key: is required"},
		"a time in figures":       {with(`"timing": {"every": 30}`), "timing.every: want a time such as"},
		"a negative time":         {with(`"timing": {"every": "-1s"}`), "timing.every: want 0 or more"},
		"an amount without currency": {with(`"wallet": {"low": "100"}`),
			"wallet.low: want an amount such as"},
		"a number for a text":      {with(`"log": 1`), "log: want a string"},
		"another log level":        {with(`"log": "loud"`), "log: want one of debug info warn error"},
		"a shop without a kind":    {shop(`"name": "a"`), "channels[0].type: want one of magento, prestashop, shopify, woocommerce"},
		"a shop of another kind":   {shop(`"type": "oscommerce"`), "channels[0].type: want one of"},
		"a shop without an URL":    {shop(`"type": "prestashop", "name": "a", "key": "${KEY}"`), "channels[0].url: is required"},
		"a shop's name":            {shop(strings.Replace(woo, `"a"`, `"Shop One"`, 1)), "channels[0].name: want nothing but letters and digits"},
		"a taken name":             {shop(strings.Replace(woo, `"a"`, `"bigbuy"`, 1)), "channels[0].name: bigbuy is taken"},
		"two shops of one name":    {with(`"channels": [{` + woo + `}, {` + woo + `}]`), "two channels are named \"a\""},
		"magento without a token":  {shop(`"type": "magento", "name": "a", "url": "http://a.test"`), "channels[0]: magento"},
		"shopify without a token":  {shop(`"type": "shopify", "name": "a", "url": "https://a.myshopify.com"`), "channels[0]: shopify"},
		"a payment nobody knows":   {with(`"payments": ["card"]`), "payments[0]: want one of wallet paypal"},
		"paypal not configured":    {with(`"payments": ["wallet", "paypal"]`), "paypal: is required"},
		"paypal not used":          {with(`"paypal": {"mode": "supplier"}`), "payments: paypal is configured and not named"},
		"paypal without a mode":    {with(`"payments": ["paypal"], "paypal": {}`), "paypal.mode: is required"},
		"direct without all of it": {with(`"payments": ["paypal"], "paypal": {"mode": "direct"}`), "paypal.bigbuy_method: is required"},
		"direct, and BigBuy charges PayPal too": {with(`"payments": ["paypal"], "paypal": {"mode": "direct", "bigbuy_method": "paypal"}`),
			"paypal.bigbuy_method: want one of moneybox bankwire"},
		"pay_with of nobody":  {with(`"pay_with": {"a": []}`), "pay_with[a]: want min 1"},
		"pay_with of another": {with(`"pay_with": {"b": ["wallet"]}`), "pay_with[b]: no channel has this name"},
		"a low in dollars":    {with(`"wallet": {"low": "100 USD"}`), "wallet.low: want EUR"},
		"river on a file":     {with(`"river": {"user": "u", "password": "${KEY}"}`), "river: the store is not PostgreSQL"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(t, c.text)
			require.Error(t, err)
			assert.Contains(t, err.Error(), c.want)
			assert.NotContains(t, err.Error(), "canary")
		})
	}
}

func TestEveryFaultIsToldAtOnce(t *testing.T) {
	_, err := read(t, with(`"lisen": 1, "timing": {"evry": 1}, "log": 3`))
	require.Error(t, err)
	assert.Len(t, strings.Split(err.Error(), "\n"), 3, err)
}

func TestConfigurationsThatAreRight(t *testing.T) {
	c, err := read(t, minimal)
	require.NoError(t, err)
	assert.Equal(t, []string{"wallet"}, c.Payments)
	assert.Equal(t, "key-canary", c.BigBuy.Key.Reveal())

	file := filepath.Join(t.TempDir(), "key")
	require.NoError(t, os.WriteFile(file, []byte("from-a-file\n"), 0o600))
	c, err = read(t, strings.Replace(minimal, "${KEY}", "@"+file, 1))
	require.NoError(t, err)
	assert.Equal(t, "from-a-file", c.BigBuy.Key.Reveal())

	c, err = read(t, strings.Replace(minimal, "sqlite:orders.db", "${DB}", 1))
	require.NoError(t, err)
	assert.True(t, c.Store.postgres())

	_, err = read(t, with(`"public_url": "https://mip.example", "payments": ["wallet", "paypal"], "paypal": {"mode": "direct",
		"client_id": "id", "client_secret": "${KEY}", "return_secret": "@`+long(t)+`", "bigbuy_method": "bankwire", "webhook_id": "8AB"}`))
	require.NoError(t, err)
}

// long is a file with a secret that is long enough to sign with.
func long(t *testing.T) string {
	file := filepath.Join(t.TempDir(), "long")
	require.NoError(t, os.WriteFile(file, []byte("0123456789abcdef0123456789abcdef"), 0o600))
	return file
}

func TestTheFileInTheReadmeIsRight(t *testing.T) {
	file, err := os.ReadFile("server.json")
	require.NoError(t, err)
	page, err := os.ReadFile("README.md")
	require.NoError(t, err)
	assert.Contains(t, string(page), "```json\n"+string(file)+"```")
	c, err := readConfig("server.json", env([]string{"BIGBUY_KEY=a", "WOO_KEY=b", "WOO_SECRET=c"}))
	require.NoError(t, err)
	assert.NoError(t, rehearse(c))
}
