using IncidentActors.Core.Flows;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.Tests.Flows;

/// <summary>Walks every shipped flow from its start along every row, without the checker's help, and compares the tables with the seeds.</summary>
public class ShippedFlowTests
{
    public static TheoryData<string> Names => [.. ShippedText.Names];

    [Fact]
    public void These_ship() => Assert.Equal(ShippedText.Names, FlowSet.Shipped.All.Select(flow => flow.Name).Distinct());

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_state_is_reached_every_row_is_taken_every_path_can_end(string name)
    {
        var flow = FlowSet.Shipped.Find(name)!;
        HashSet<string> reached = [];
        HashSet<int> taken = [];
        foreach (var start in flow.Rows.Where(row => row.IsStart))
        {
            taken.Add(start.Number);
            Walk(flow, start.To, reached, taken);
        }

        Assert.Equal(flow.States.Select(state => state.Name).Order(), reached.Order());
        Assert.Equal(flow.Rows.Where(row => row.Kind != RowKind.FollowUp).Select(row => row.Number).Order(), taken.Order());
        Assert.All(reached, state => Assert.True(CanEnd(flow, state), $"{name}: {state} never ends"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_follow_up_begins_where_its_flow_begins(string name) => Assert.All(
        FlowSet.Shipped.Find(name)!.Rows.Where(row => row.Kind == RowKind.FollowUp),
        row => Assert.Contains(FlowSet.Shipped.Find(row.Emits.FollowUp!.Flow)!.Rows, start => start.IsStart && start.To == row.To));

    [Fact]
    public void Emergency_is_the_table_of_seed_000()
    {
        var flow = FlowSet.Shipped.Find("emergency")!;

        Assert.Equal(
            [
                "1 (alert) InProgress pm", "2 InProgress InProgress dev", "3 InProgress Complete dev",
                "4 Complete Deployed sre", "5 Deployed Closed pm", "6 (post) Queued pm",
            ],
            flow.Rows.Select(row => $"{row.Number} {row.From} {row.To} {row.Role}"));
        Assert.All(flow.Rows, row => Assert.Equal(RowHitl.Notify, row.Hitl));
        Assert.Equal((Priority.P0, "all", true), (flow.Priority, flow.Halts, flow.Urgent));
        Assert.Equal(new TimeSpan(24, 0, 0), flow.Rows[5].Emits.FollowUp!.Within);
        Assert.Equal<IEnumerable<string>>(
            ["timeline", "root cause", "impact", "resolution", "prevention", "action items"], flow.Rows[5].Emits.FollowUp!.Sections);
        Assert.Contains(flow.Rows[0].Emits.Messages, message => message is { Type: MessageType.EmergencyDirective, To: "dev", RequiresAck: true });
        Assert.Contains(flow.Rows[4].Emits.Messages, message => message is { Priority: Priority.P1, Subject: "✅ INCIDENT RESOLVED - Postmortem Required" });
    }

    [Fact]
    public void The_deployment_of_an_emergency_waits_for_pm_and_three_gates()
    {
        var requires = FlowSet.Shipped.Find("emergency")!.Rows[3].Requires;

        Assert.Equal<IEnumerable<string>>(["stops-the-bleeding", "rollback-possible", "minimal-blast-radius"], requires.Gates);
        var approval = requires.Approval!;
        Assert.Equal(
            ("pm", TimeSpan.FromMinutes(15), ApprovalTimeout.Block, true),
            (approval.Role, approval.Within, approval.OnTimeout, approval.VerifiesGates));
    }

    [Fact]
    public void Hotfix_is_the_table_of_seed_001_and_records_what_it_skips()
    {
        var flow = FlowSet.Shipped.Find("hotfix")!;

        Assert.Equal(
            ["1 (new) InProgress pm", "2 InProgress InProgress dev", "3 InProgress Complete dev", "4 Complete Closed pm", "5 (post) Queued pm"],
            flow.Rows.Take(5).Select(row => $"{row.Number} {row.From} {row.To} {row.Role}"));
        Assert.Equal<IEnumerable<string>>(["root cause", "permanent fix", "test coverage", "documentation", "process"], flow.Rows[4].Emits.FollowUp!.Sections);
        Assert.True(flow.Rows[3].Requires.GatesVerifiedByTaker);
        Assert.Equal(3, flow.Rows[2].Emits.Debt.Length);
    }

    [Theory]
    [InlineData("SEV-1", 5)]
    [InlineData("SEV-2", 6)]
    [InlineData("SEV-3", 7)]
    [InlineData("SEV-4", 7)]
    public void A_critical_response_has_one_deploy_path_for_each_severity(string severity, int row) => Assert.Equal(
        row,
        Assert.Single(FlowSet.Shipped.Find("critical-response")!.From("HotfixReady"), path => path.Requires.Severities.Contains(severity)).Number);

    [Fact]
    public void An_emergency_hotfix_approves_itself_after_five_minutes()
    {
        var approval = FlowSet.Shipped.Find("emergency-hotfix")!.From("SecurityCleared").Single().Requires.Approval!;

        Assert.Equal((TimeSpan.FromMinutes(5), ApprovalTimeout.Approve), (approval.Within, approval.OnTimeout));
    }

    [Theory]
    [InlineData("production down")]
    [InlineData("data loss risk")]
    [InlineData("security breach")]
    [InlineData("compliance violation")]
    [InlineData("critical business impact")]
    public void The_planner_is_asked_for_every_criterion_of_an_emergency(string criterion)
    {
        var stage = new Stage();
        stage.Declared(Play.Declare() with { Flow = "emergency-hotfix" });
        var asked = Assert.Single(stage.Sent(), sent => sent is { To: "@planner", Type: MessageType.EmergencyDirective });
        Assert.Contains(criterion, asked.Body, StringComparison.Ordinal);
    }

    private static void Walk(Flow flow, string state, HashSet<string> reached, HashSet<int> taken)
    {
        if (!reached.Add(state))
        {
            return;
        }

        foreach (var row in flow.From(state))
        {
            taken.Add(row.Number);
            Walk(flow, row.To, reached, taken);
        }
    }

    private static bool CanEnd(Flow flow, string state)
    {
        HashSet<string> reached = [];
        Walk(flow, state, reached, []);
        return reached.Any(name => flow.State(name)!.Terminal);
    }

    /// <summary>Seed 004, Error Handling: what has to be done immediately has a budget of its own, and no phase hides that it is late.</summary>
    [Theory]
    [InlineData("RolledBack")]
    [InlineData("DeploymentFailed")]
    [InlineData("DeploymentRolledBack")]
    public void What_is_rolled_back_immediately_has_five_minutes_for_it(string state)
    {
        var flow = FlowSet.Shipped.Find("emergency-hotfix")!;
        Assert.All(flow.From(state), row => Assert.Equal(TimeSpan.FromMinutes(5), row.Within));
        Assert.All(flow.From(state), row => Assert.Contains(row.Requires.Artifacts, needed => needed is { Type: "RollbackRecord", Fresh: true }));
        Assert.DoesNotContain(flow.Phases, phase => phase.States.Contains(state));
    }

    /// <summary>Seed 004 names two agents for steps 3 and 11; either may take them.</summary>
    [Theory]
    [InlineData("@debug", "debug")]
    [InlineData("@fix", "debug")]
    [InlineData("@monitoring", "monitoring")]
    [InlineData("@test-manager", "monitoring")]
    public void A_step_that_the_seed_gives_to_two_is_of_both(string handle, string role) =>
        Assert.Contains(role, Core.Agents.RosterYaml.Shipped().RolesOf(handle));
}
