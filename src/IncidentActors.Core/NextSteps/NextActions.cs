using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Incidents.Lifecycle;
using IncidentActors.Core.Messages;

namespace IncidentActors.Core.NextSteps;

/// <summary>The steps that are still to be taken on an incident or an ATP. The rules that refuse commands are asked, so no such step is refused.</summary>
public static class NextActions
{
    private const string Update = Tools.Incident;

    /// <summary>Every step until the incident is closed and its follow-ups are done.</summary>
    public static NextActionsView Of(World world, IncidentState incident)
    {
        var decision = new Decision();
        var atps = ResponseWork.All(world, decision, incident).ToList();
        IEnumerable<NextAction> all =
        [
            .. incident.Status.IsOngoing() ? Response(world, decision, incident) : [],
            .. incident.Status == IncidentStatus.Resolved ? Close(world, decision, incident) : [],
            .. atps.SelectMany(Atp),
            .. incident.Status.IsOngoing() ? Resolve(world, decision, incident) : [],
            .. incident.Status.IsOngoing() ? [] : IncidentHalts.Active(world, decision, incident).Select(halt => new NextAction(
                incident.Commander, $"lifts the halt of {halt.Scope}", halt.Id, "halt_lift", $"incident lift {halt.Id}")),
        ];
        return new NextActionsView(incident.Id, incident.Status.Name(), Begun(world, all));
    }

    /// <summary>What the ATP alone needs.</summary>
    public static NextActionsView Of(World world, AtpState atp) =>
        new(atp.Id, atp.Status, Begun(world, Atp(AtpTurn.Of(world, atp.Id, new Decision()))));

    private static IEnumerable<NextAction> Response(World world, Decision decision, IncidentState incident)
    {
        var directed = ResponseWork.Open(world, decision, incident).Any(turn => Directive(turn).Value is not null);
        if (incident.Unanswered && !directed)
            yield return new NextAction(incident.Commander, "acknowledges the incident", incident.Id, Update, $"incident acknowledge {incident.Id}");
        if (incident.Status is IncidentStatus.Declared or IncidentStatus.Assessing && incident.Assessment?.Complete != true)
        {
            yield return new NextAction(
                incident.Commander, "assesses it", incident.Id, Update,
                $"incident assess {incident.Id} --broken \"what is broken\" --users \"how many users\" --since \"since when\" --changed \"what changed\"");
        }
    }

    private static IEnumerable<NextAction> Resolve(World world, Decision decision, IncidentState incident)
    {
        var open = ResponseWork.Open(world, decision, incident).Where(ResponseWork.Resolves).ToList();
        var waiting = ResponseWork.AnyDeployed(world, decision, incident) ? [] : open.Select(turn => turn.Id).ToList();
        var unmet = open.Where(turn => ResponseWork.Deployed(turn, incident))
            .SelectMany(turn => ResponseWork.ResolvingRow(turn) is { } way ? Unmet(turn, way) : []).ToList();
        yield return new NextAction(
            incident.Commander, "verifies and resolves it", incident.Id, Update,
            $"incident resolve {incident.Id} --verified all --summary \"what happened\" --impact \"who was affected\" --fix \"what fixed it\"",
            waiting.Count > 0 ? $"the fix of {string.Join(", ", waiting)} is deployed" : Words(unmet));
    }

    private static IEnumerable<NextAction> Close(World world, Decision decision, IncidentState incident)
    {
        var open = Obligations.Missing(world, decision, incident);
        var lessons = Obligations.Known(world, decision, incident).TryGetValue("kb-entry", out var written) && !written;
        if (lessons)
        {
            yield return new NextAction(
                incident.Commander, "writes down what was learned", incident.Id, "knowledge_import",
                $"incident knowledge add \"what was learned\" --text @report.md --incident {incident.Id}");
        }

        yield return new NextAction(
            incident.Commander, "closes it", incident.Id, Update, $"incident close {incident.Id} --criteria all",
            lessons ? "the knowledge entry is written" : open.IsEmpty ? null : string.Join("; ", open));
    }

    private static IEnumerable<NextAction> Atp(AtpTurn turn)
    {
        var state = turn.State;
        if (state.Finished) yield break;
        if (Directive(turn) is (var number, { } directive))
        {
            yield return new NextAction(
                directive.To, "acknowledges the directive", state.MessageId(number), Tools.Ack, $"incident ack {state.MessageId(number)}");
        }

        if (turn.Flow.From(state.Status).Where(row => IsCandidate(turn, row)).OrderBy(row => !Advances(turn, row)).FirstOrDefault() is not { } way) yield break;
        var unmet = Unmet(turn, way).ToList();
        foreach (var action in unmet) yield return action with { Who = Handle(turn, action.Who) };
        if (way.Automatic || ByResolving(turn, way)) yield break;
        var who = Handle(turn, way.Role);
        var (tool, command) = NextCommand.Row(state.Id, way, Receiver(turn, way, who));
        yield return new NextAction(who, $"{way.Trigger}: {way.From} → {way.To}", state.Id, tool, command, Words(unmet));
    }

    private static string? Words(IReadOnlyCollection<NextAction> actions) =>
        actions.Count == 0 ? null : string.Join("; ", actions.Select(action => action.What).Distinct());

    /// <summary>What the row still needs. Resolving the incident verifies the gates and writes the verification report itself.</summary>
    private static IEnumerable<NextAction> Unmet(AtpTurn turn, FlowRow way) => AtpRequirements.Actions(turn, way).Where(action =>
        !ByResolving(turn, way) || (action.Tool != Tools.Set && !action.Command.Contains($" {AtpArtifacts.VerificationReport} ", StringComparison.Ordinal)));

    /// <summary>The commander resolves the incident, with the verification checklist, and the ATP takes the row with it.</summary>
    private static bool ByResolving(AtpTurn turn, FlowRow way) =>
        way.Emits.Incident == IncidentStep.Resolved && turn.Incident is { } incident && incident.Status.IsOngoing() && ResponseWork.Deployed(turn, incident);

    /// <summary>The row leads on: it exists for the incident's severity, and is not a rollback, no acknowledgement and not yet taken in place.</summary>
    private static bool IsCandidate(AtpTurn turn, FlowRow row) =>
        !row.Rollback && AtpRows.Exists(turn, row) && !row.Tools.Contains(Tools.Ack)
        && !(row.From == row.To && turn.State.History.Any(entry => entry.Row == row.Number))
        && (!row.Automatic || !AtpRequirements.Explain(turn.State, row, turn.Flow).IsEmpty);

    /// <summary>Work that was never begun, or is blocked, is taken up; other work is finished where a row finishes it.</summary>
    private static bool Advances(AtpTurn turn, FlowRow row)
    {
        var status = turn.State.Status;
        var begun = IsActive(status) || turn.State.History.Any(entry => IsActive(entry.To)) || !turn.Flow.From(status).Any(to => IsActive(to.To));
        return begun && status != AtpState.BlockedStatus ? turn.Flow.State(row.To)!.Terminal : IsActive(row.To);

        bool IsActive(string status) => turn.Flow.State(status)?.Active == true;
    }

    private static KeyValuePair<int, OpenMessage?> Directive(AtpTurn turn)
    {
        var found = turn.State.OpenMessages.FirstOrDefault(open =>
            open.Value is { RequiresAck: true, Type: MessageType.Directive or MessageType.EmergencyDirective });
        return new(found.Key, found.Value);
    }

    /// <summary>Who continues after the row; null means the one who takes it.</summary>
    private static string? Receiver(AtpTurn turn, FlowRow way, string who)
    {
        var next = turn.Flow.From(way.To).FirstOrDefault(row => !row.Automatic && !row.Rollback && AtpRows.Exists(turn, row));
        string?[] roles = [next?.Requires.Approval?.Role, next?.Role, Roles.Pm];
        return roles.OfType<string>().Select(role => Handle(turn, role)).FirstOrDefault(handle => handle != who);
    }

    private static string Handle(AtpTurn turn, string role) => role switch
    {
        Roles.AtpOwner or Roles.Any => turn.State.Owner ?? turn.Incident?.Commander ?? turn.State.CreatedBy,
        _ => turn.World.Roster.HandleFor(role),
    };

    /// <summary>An agent that ended its turn must begin the next one first.</summary>
    private static ImmutableArray<NextAction> Begun(World world, IEnumerable<NextAction> actions)
    {
        var begun = ImmutableArray.CreateBuilder<NextAction>();
        var asked = new HashSet<string>();
        foreach (var action in actions)
        {
            if (world.Actors.Get(ActorId.Agent(action.Who)) is AgentState known && asked.Add(action.Who)
                && TurnBoundary.Check(known.Info("") with { Person = world.Roster.Find(action.Who)?.Person == true }) is not null)
                begun.Add(new NextAction(action.Who, "begins the next turn", action.Who, "inbox", "incident inbox"));
            begun.Add(action);
        }

        return begun.ToImmutable();
    }
}
