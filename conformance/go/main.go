// The official Go SDK against a Yaoku: every operation that it offers, called with success. Reads
// KMS_ENDPOINT, KMS_REGION, KMS_AK, KMS_SK and KMS_PROJECT_ID, and for replicas KMS_REPLICA_REGION and
// KMS_REPLICA_PROJECT_ID; the argument is the file not-built.
package main

import (
	"os"
	"strings"
)

func main() {
	content, err := os.ReadFile(os.Args[1])
	must(err)
	notBuilt := map[string]bool{}
	for _, line := range strings.Split(string(content), "\n") {
		if line != "" && !strings.HasPrefix(line, "#") {
			notBuilt[line] = true
		}
	}
	c := newChecks()
	c.check("life", life)
	c.check("names", names)
	c.check("listing", listing)
	c.check("quotas", quotas)
	c.check("rotation", rotation)
	c.check("versions", versions)
	c.check("tags", tags)
	c.check("aliases", aliases)
	c.check("grants", grants)
	c.check("regions", regions)
	c.check("refusals", refusals)
	c.check("encryption", encryption)
	c.check("data keys", dataKeys)
	c.check("pairs", pairs)
	c.check("signatures", signatures)
	c.check("macs", macs)
	c.check("imports", imports)
	c.check("keystores", keystores)
	c.check("agreement", agreement)
	if !notBuilt["CreatePin"] {
		c.check("pins", pins)
	}
	c.finish(notBuilt)
}
