using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Json;
using IncidentActors.Core.Redaction;

namespace IncidentActors.Core.Tests.Redaction;

/// <summary>Which texts are taken for secrets by the shipped rules, and which are not.</summary>
public class RedactionTests
{
    private const string Forty = "abcdefghijklmnopqrstuvwxyz0123456789ABCD";

    [Theory]
    [InlineData("aws-access-key", "key AKIA@IOSFODNN7EXAMPLE leaked", "key [redacted: aws-access-key] leaked")]
    [InlineData("github-token", "use ghp@_" + Forty + " for it", "use [redacted: github-token] for it")]
    [InlineData("gitlab-token", "glpat@-" + Forty, "[redacted: gitlab-token]")]
    [InlineData("slack-token", "xoxb@-123456789012-abcdef", "[redacted: slack-token]")]
    [InlineData("slack-webhook", "https://hooks.slack.com@/services/T000/B000/XXXX", "https://hooks.slack.com/services/[redacted: slack-webhook]")]
    [InlineData("google-api-key", "AIza@abcdefghijklmnopqrstuvwxyz012345678", "[redacted: google-api-key]")]
    [InlineData("stripe-key", "sk_live@_" + Forty, "[redacted: stripe-key]")]
    [InlineData("model-api-key", "sk@-proj-" + Forty, "[redacted: model-api-key]")]
    [InlineData("npm-token", "npm@_abcdefghijklmnopqrstuvwxyz0123456789", "[redacted: npm-token]")]
    [InlineData("pypi-token", "pypi@-" + Forty + Forty, "[redacted: pypi-token]")]
    [InlineData("sendgrid-key", "SG.abcdefghijklmnopqrstuv@." + Forty + "abc", "[redacted: sendgrid-key]")]
    [InlineData("access-token", "ia@_abcdefghij_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "[redacted: access-token]")]
    [InlineData("jwt", "eyJhbGciOiJIUzI1NiJ9@.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl", "[redacted: jwt]")]
    [InlineData("authorization", "Authorization: Basic @dXNlcjpwYXNzd29yZA== sent", "Authorization: Basic [redacted: authorization] sent")]
    [InlineData("bearer", "curl with bearer @0123456789abcdef01", "curl with bearer [redacted: bearer]")]
    [InlineData("url-password", "postgres://app:hun@ter@db:5432/shop", "postgres://app:[redacted: url-password]@db:5432/shop")]
    [InlineData("assigned", "PGPASSWORD=@hunter2 psql", "PGPASSWORD=[redacted: assigned] psql")]
    [InlineData("assigned", "https://x.example/?token=@abcdef123&page=2", "https://x.example/?token=[redacted: assigned]&page=2")]
    [InlineData("quoted", "{\"api_key\": \"@abc def ghi\", \"page\": 2}", "{\"api_key\": \"[redacted: quoted]\", \"page\": 2}")]
    [InlineData("password", "password: @hunter2, please rotate", "password: [redacted: password], please rotate")]
    [InlineData("private-key", "-----BEGIN RSA PRIVATE@ KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nok", "[redacted: private-key]\nok")]
    [InlineData("private-key", "cut off -----BEGIN PRIVATE@ KEY-----\nMIIE", "cut off [redacted: private-key]")]
    public void A_secret_is_replaced_by_a_mark_that_says_what_it_was(string rule, string text, string expected)
    {
        // The sign keeps scanners of source code from taking the examples for secrets.
        var at = text.IndexOf('@', StringComparison.Ordinal);
        text = text.Remove(at, 1);
        var found = new List<string>();
        Assert.Equal(expected, RedactionRules.Shipped.Clean(text, found));
        Assert.Equal([rule], found);
        Assert.True(RedactionRules.Shipped.MayHold(text));
        Assert.Equal(expected, RedactionRules.Shipped.Clean(expected, found));
        Assert.Single(found);
    }

    [Theory]
    [InlineData("The password is wrong for user 7; reset it.")]
    [InlineData("password: required, token: expired, secret: see the vault")]
    [InlineData("task-force risk-assessment-of-checkout-and-payments-in-2026 disk-usage-over-90-percent-on-db1")]
    [InlineData("export TOKEN=$CI_TOKEN; psql \"password=${PGPASSWORD}\"; token=****")]
    [InlineData("see https://grafana.example.com:3000/d/abc?from=1&to=2 and mailto:ops@example.com")]
    [InlineData("sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 deployed as checkout:v42")]
    [InlineData("Authorization fails: the bearer of bad news is the gateway")]
    public void What_is_no_secret_stays(string text)
    {
        var found = new List<string>();
        Assert.Equal(text, RedactionRules.Shipped.Clean(text, found));
        Assert.Empty(found);
    }

    [Fact]
    public void A_label_whose_name_says_so_is_a_secret_and_every_text_of_the_JSON_is_searched()
    {
        var json = JsonNode.Parse(
            """{"labels":{"DB_PASSWORD":"x","Api-Key":"abc","page":"2"},"list":[["pwd=hunter2"],7,null],"deep":{"text":"token=abcdef"}}""")!;
        var found = new List<string>();
        RedactionRules.Shipped.Clean(json, found);
        Assert.Equal(
            """{"labels":{"DB_PASSWORD":"x","Api-Key":"[redacted: named]","page":"2"},"list":[["pwd=[redacted: assigned]"],7,null],"deep":"""
            + """{"text":"token=[redacted: assigned]"}}""",
            json.ToJsonString());
        Assert.Equal(["named", "assigned", "assigned"], found);
    }

    /// <summary>A property with such a name would lose its value.</summary>
    [Fact]
    public void No_command_has_a_property_that_a_label_of_its_name_would_hide()
    {
        var commands = typeof(ICommand).Assembly.GetTypes().Where(type => typeof(ICommand).IsAssignableFrom(type));
        foreach (var property in commands.SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)))
        {
            var found = new List<string>();
            RedactionRules.Shipped.Clean(new JsonObject { [property.Name] = "x" }, found);
            Assert.True(found.Count == 0, $"{property.DeclaringType!.Name}.{property.Name}");
        }
    }

    [Theory]
    [InlineData("rules: [{ id: x, contains: [a], pattern: '(' }]", "the pattern is not valid here")]
    [InlineData("rules: [{ id: x, contains: [a], pattern: '(?<=a)b' }]", "the pattern is not valid here")]
    [InlineData("rules: [{ id: x, contains: [a], pattern: 'a*' }]", "matches the empty text")]
    [InlineData("rules: [{ id: x, contains: [], pattern: 'a' }]", "needs a text that is contained")]
    [InlineData("rules: [{ id: x, pattern: 'a' }]", "needs the key `contains`")]
    public void A_faulty_file_is_refused(string yaml, string says) =>
        Assert.Contains(says, Assert.Throws<FormatException>(() => RedactionYaml.Parse(yaml, "mine.yaml")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_rule_finds_what_JSON_writes_in_another_way()
    {
        var rules = RedactionYaml.Parse("""rules: [{ id: badge, contains: ['"badge"'], pattern: '"badge" (?<secret>[0-9]+)' }]""", "mine.yaml");
        Assert.True(rules.MayHold(JsonSerializer.Serialize("the \"badge\" 4711", CoreJson.Options)));
    }

    [Fact]
    public void Rules_of_ones_own_take_the_place_of_the_shipped_ones()
    {
        var rules = RedactionYaml.Parse("rules: [{ id: badge, contains: [acme-], pattern: 'acme-[0-9]+' }]", "mine.yaml");
        Assert.Equal("my [redacted: badge], password=hunter2", rules.Clean("my acme-17, password=hunter2", []));
    }
}
