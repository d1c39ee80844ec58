using IncidentActors.Core.Access;

namespace IncidentActors.Core.Tests.Access;

public sealed class IssuersYamlTests
{
    private const string Good =
        """
        issuers:
          - issuer: https://login.example.com
            audiences: [incident-actors]
            grants:
              - { claim: groups, value: sre, roles: [sre] }
              - { claim: groups, value: payments, roles: [dev], team: payments }
              - { claim: sub, value: job, roles: [devops], handle: "@ci", readOnly: true }
        """;

    [Fact]
    public void Claims_become_what_all_their_grants_say()
    {
        var issuer = IssuersYaml.Parse(Good, "issuers.yaml").Find("https://login.example.com")!;

        Assert.Null(issuer.Read([("preferred_username", "alice"), ("groups", "others")]));
        Assert.Null(issuer.Read([("groups", "sre")]));
        Assert.Null(issuer.Read([("preferred_username", "system"), ("groups", "sre")]));
        Assert.Null(issuer.Read([("preferred_username", "a b"), ("groups", "sre")]));
        var alice = issuer.Read([("preferred_username", "Alice"), ("groups", "sre"), ("groups", "payments")])!;
        Assert.Equal(("@alice", "payments", false), (alice.Handle, alice.Team, alice.ReadOnly));
        Assert.Equal(["sre", "dev"], alice.Roles.ToArray());
        var job = issuer.Read([("sub", "job")])!;
        Assert.Equal(("@ci", true), (job.Handle, job.ReadOnly));
    }

    [Theory]
    [InlineData("https://login.example.com", "http://login.example.com", "by https")]
    [InlineData("[incident-actors]", "[]", "the audience of tokens")]
    [InlineData("\"@ci\"", "\"@system\"", "not a handle")]
    [InlineData("claim: groups, value: sre", "claims: groups, value: sre", "claims")]
    public void What_is_wrong_is_said_with_its_place(string right, string wrong, string reason)
    {
        var error = Assert.Throws<FormatException>(() => IssuersYaml.Parse(Good.Replace(right, wrong, StringComparison.Ordinal), "issuers.yaml"));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("issuers.yaml:", error.Message, StringComparison.Ordinal);
    }
}
