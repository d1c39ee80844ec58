using System.Text;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Testing;

namespace IncidentActors.Core.Tests.Tables;

/// <summary>Every state × command gives one row or one named rejection. The tables are files, to be read.</summary>
public class TableTests
{
    [Theory]
    [InlineData("standard")]
    [InlineData("emergency")]
    public void Atps(string flow) => Golden.Equal($"{flow}.txt", Table(
        AtpCases.States(flow).SelectMany(given => AtpCases.Commands(flow).Select(asked =>
            (given.Name, asked.Name, given.Stage(), ActorId.Atp("AT-1"), (ICommand)asked.Command(given.Stage()), asked.By)))));

    [Fact]
    public void Incidents() => Golden.Equal("incident.txt", Table(
        ActorCases.Incidents.SelectMany(given => ActorCases.IncidentCommands.Select(asked =>
            (given.Name, asked.Name, given.Stage(), ActorId.Incident("INC-1"), (ICommand)asked.Command, asked.By)))));

    [Fact]
    public void Halts() => Golden.Equal("halt.txt", Table(
        ActorCases.Halts.SelectMany(given => ActorCases.HaltCommands.Select(asked =>
            (given.Name, asked.Name, given.Stage(), ActorId.Halt("HLT-1"), (ICommand)asked.Command, asked.By)))));

    [Fact]
    public void Agents() => Golden.Equal("agent.txt", Table(
        ActorCases.Agents.SelectMany(given => ActorCases.AgentCommands.Select(asked =>
            (given.Name, asked.Name, given.Stage(), ActorId.Agent("@ada"), (ICommand)asked.Command, "@ada")))));

    [Fact]
    public void Approvals() => Golden.Equal("approval.txt", Table(
        ActorCases.Approvals.SelectMany(given => ActorCases.ApprovalCommands.Select(asked => (
            given.Name, asked.Name, given.Stage(), ActorId.Atp("AT-EMRG-01"),
                (ICommand)new SettleApproval(given.Stage().Atp("AT-EMRG-01").Approvals[0].Id, asked.Command), asked.By)))));

    private static string Table(IEnumerable<(string State, string Asked, Stage Stage, ActorId Target, ICommand Command, string By)> cases)
    {
        var table = new StringBuilder();
        var last = "";
        foreach (var (state, asked, stage, target, command, by) in cases)
        {
            if (state != last) table.Append(last.Length > 0 ? "\n" : "").Append(state).Append('\n');
            last = state;
            table.Append("  ").Append($"{asked} by {by}".PadRight(52)).Append(Outcome(stage.Decide(target, command, by), stage, target)).Append('\n');
        }

        return table.ToString();
    }

    /// <summary>The row that was taken, or the events, or the rule that refuses.</summary>
    private static string Outcome(Decision decision, Stage stage, ActorId target)
    {
        if (decision.Rejected is { } rejected) return "refused by " + rejected.Rule;
        var events = decision.Changes.SelectMany(change => change.Events.Select(one => (change.Actor, Event: one))).ToList();
        var rows = events
            .Where(one => one.Actor == target)
            .Select(one => one.Event)
            .OfType<AtpMoved>()
            .Select(moved => $"row {moved.Row} to {moved.To}")
            .ToList();
        if (rows.Count > 0) return string.Join(", ", rows);
        if (events.Count == 0) return stage.Get(target) is null ? "nothing" : "no change";
        return string.Join(", ", events.Select(one => one.Event.GetType().Name).Distinct());
    }
}
