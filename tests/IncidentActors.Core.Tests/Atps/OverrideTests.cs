using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;

namespace IncidentActors.Core.Tests.Atps;

/// <summary>Seed 003: the owner goes past every rule, by a reason, and on record.</summary>
public class OverrideTests
{
    private const string Owner = "@jonny";

    private static readonly ActorId Atp = ActorId.Atp("AT-EMRG-01");

    private readonly Stage stage = Play.Emergency("Complete");

    [Fact]
    public void Only_the_owner_overrides_and_only_with_a_reason()
    {
        stage.Refused(Rules.OverrideRole, Atp, new ChangeStatus("Deployed"), "@sre", because: "it burns");
        stage.Refused(Rules.OverrideRole, Atp, new ChangeStatus("Deployed"), "@operator", because: "it burns");
        stage.Refused(Rules.OverrideReason, Atp, new ChangeStatus("Deployed"), Owner, because: " ");
        var told = stage.Refused(Rules.ApprovalNeeded, Atp, new ChangeStatus("Deployed"), "@sre");
        Assert.DoesNotContain("override", told.Sentence, StringComparison.Ordinal);
        var hinted = stage.Refused(Rules.AtpTransitionRole, Atp, new ChangeStatus("Deployed"), Owner);
        Assert.EndsWith("with override and your reason.", hinted.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_rule_that_is_bypassed_is_named_and_the_operator_told()
    {
        stage.Do(Atp, new ChangeStatus("Deployed"), Owner, because: "it burns");

        Assert.Equal("Deployed", stage.Atp("AT-EMRG-01").Status);
        var overridden = Assert.Single(stage.Events.Select(happened => happened.Event).OfType<AtpOverridden>());
        Assert.Equal([Rules.AtpTransitionRole, Rules.ApprovalNeeded, Rules.GateOpen], overridden.Bypassed.AsEnumerable());
        Assert.Contains(stage.Sent(), sent => sent.To == "@operator" && sent.Body.Contains("it burns", StringComparison.Ordinal));
    }

    [Fact]
    public void The_end_of_a_turn_does_not_hold_for_a_person()
    {
        stage.Do(Atp, new CloseAtp(), Owner, because: "it is over");
        stage.Do(ActorId.Atp("AT-9"), new CreateAtp("next", Flow: "standard"), Owner);
    }

    [Fact]
    public void Staying_where_it_is_bypasses_nothing()
    {
        Assert.Empty(stage.Do(Atp, new ChangeStatus("Complete"), Owner, because: "twice").Changes);
        Assert.Empty(stage.Atp("AT-EMRG-01").Overrides);
    }

    [Fact]
    public void A_way_that_the_table_has_not_and_a_tool_that_is_not_the_rows_are_named_too()
    {
        stage.Do(Atp, new CloseAtp(), Owner, because: "it is over");
        Assert.Equal([Rules.AtpTransitionUnknown], stage.Atp("AT-EMRG-01").Overrides[0].Bypassed.AsEnumerable());

        var begun = Play.Emergency();
        begun.Do(Atp, new ChangeStatus("Complete"), Owner, because: "done by hand");
        Assert.Contains(Rules.AtpTransitionTool, begun.Atp("AT-EMRG-01").Overrides[0].Bypassed);
    }
}
