using IncidentActors.Core.Decisions;
using IncidentActors.Engine.Access;

namespace IncidentActors.Engine.Tests.Access;

public sealed class AccessPolicyTests
{
    private static readonly TokenRights Operator = new("t1", "@operator", ["operator"]);
    private static readonly TokenRights Dev = new("t2", "@dev", ["dev"]);
    private static readonly CommandAccess ForSre = new(["sre"], static _ => []);

    [Fact]
    public void A_command_that_declares_nothing_is_for_administrators()
    {
        Assert.Null(AccessPolicy.Check(Operator, "new_tool", true, null));
        Assert.Equal(Rules.TokenRole, AccessPolicy.Check(Dev, "new_tool", true, null)?.Rule);
        Assert.Equal(Rules.TokenRole, AccessPolicy.Check(Dev, "new_tool", false, null)?.Rule);
        Assert.Equal(Rules.TokenRole, AccessPolicy.Check(Operator with { Team = "platform" }, "new_tool", true, null)?.Rule);
    }

    [Fact]
    public void A_command_is_for_the_roles_that_it_declares()
    {
        Assert.Equal(Rules.TokenRole, AccessPolicy.Check(Dev, "deploy", true, ForSre)?.Rule);
        Assert.Null(AccessPolicy.Check(Dev with { Roles = ["sre"] }, "deploy", true, ForSre));
        Assert.Null(AccessPolicy.Check(Dev, "inbox", true, CommandAccess.Own));
    }

    [Fact]
    public void A_read_only_token_changes_nothing()
    {
        Assert.Equal(Rules.TokenReadOnly, AccessPolicy.Check(Operator with { ReadOnly = true }, "atp_set", true, CommandAccess.Own)?.Rule);
        Assert.Null(AccessPolicy.Check(Operator with { ReadOnly = true }, "atp_get", false, CommandAccess.Own));
    }
}
