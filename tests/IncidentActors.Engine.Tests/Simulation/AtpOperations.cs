using System.Collections.Immutable;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Approvals;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Messages;

namespace IncidentActors.Engine.Tests.Simulation;

/// <summary>Work on ATPs: mostly the next step of their flow by somebody who may take it, sometimes anything by anybody.</summary>
internal static class AtpOperations
{
    public static Operation Create(World world, string key)
    {
        var by = world.Pick(World.Agents);
        var incidents = world.Ledger.States.Values.OfType<IncidentState>().ToList();
        var incident = incidents.Count > 0 && world.Random.Next(3) == 0 ? world.Pick(incidents).Id : null;
        return world.Random.Next(6) switch
        {
            5 => new Operation(key, "@pm", ActorId.Atp($"AT-{key}"), new CreateAtp(
                $"urgent {key}.", Flow: world.Random.Next(2) == 0 ? "critical-response" : "emergency-hotfix", IncidentId: incident)),
            0 => new Operation(key, "@pm", ActorId.Atp($"AT-{(world.Random.Next(2) == 0 ? "EMRG" : "HOTFIX")}-{key}"),
                new SetAtp("InProgress", $"urgent {key}.")),
            _ => new Operation(key, by, ActorId.Atp($"AT-{key}"), new CreateAtp(
                $"work {key}.", Flow: "standard", IncidentId: incident, Owner: world.Random.Next(2) == 0 ? by : world.Pick(World.Agents))),
        };
    }

    public static Operation? On(World world, string key)
    {
        var atps = world.Ledger.States.Values.OfType<AtpState>().ToList();
        var open = atps.Where(atp => !atp.Finished).ToList();
        if (atps.Count == 0) return null;
        var atp = world.Pick(open.Count > 0 && world.Random.Next(10) > 0 ? open : atps);
        return world.Random.Next(12) switch
        {
            < 5 => Step(world, key, atp),
            5 => Message(world, key, atp),
            6 => Acknowledge(world, key, atp),
            7 => Settle(world, key, atp) ?? Step(world, key, atp),
            8 => Artifact(world, key, atp),
            9 => Resume(world, key, atp),
            10 => new Operation(
                key,
                Worker(world, atp),
                ActorId.Atp(atp.Id),
                new HandOff(world.Pick(World.Agents), $"done {key}.", "rest", "tests"),
                $"done {key}."),
            _ => new Operation(key, Worker(world, atp), ActorId.Atp(atp.Id),
                new SetAtp(Notes: $"note {key}.", Owner: world.Random.Next(4) == 0 ? world.Pick(World.Agents) : null), $"note {key}."),
        };
    }

    private static string Worker(World world, AtpState atp) => world.Random.Next(3) > 0 && atp.Owner is { } owner ? owner : world.Pick(World.Agents);

    private static Operation Step(World world, string key, AtpState atp)
    {
        var rows = FlowSet.Shipped.Find(atp.Flow)!.From(atp.Status).ToList();
        if (rows.Count == 0) return Message(world, key, atp);
        var row = world.Pick(rows);
        if (row.Requires.Artifacts.Any(wanted => atp.Artifacts.All(artifact => artifact.Type != wanted.Type)) && world.Random.Next(3) > 0)
            return Artifact(world, key, atp);
        if (row.Requires.Approval is not null
            && atp.Approvals.LastOrDefault()?.Status == AtpApprovalStatus.Open
            && Settle(world, key, atp) is { } settle)
            return settle;
        var by = row.Role is Roles.Any or Roles.AtpOwner ? Worker(world, atp) : World.Roster.HandleFor(row.Role);
        AtpCommand command = row.Tools.Contains(Tools.Handoff) && world.Random.Next(2) == 0
            ? new HandOff("@pm", $"done {key}.", "rest", "tests")
            : row.Tools.Contains(Tools.Close) ? new CloseAtp(null) : new SetAtp(row.To);
        return new Operation(key, by, ActorId.Atp(atp.Id), command);
    }

    /// <summary>The same step as often as it takes: its owner gets it to the next state.</summary>
    private static Operation Resume(World world, string key, AtpState atp) =>
        new(key, atp.Owner ?? "@dev", ActorId.Atp(atp.Id), new SetAtp(FlowSet.Shipped.Find(atp.Flow)!.From(atp.Status).FirstOrDefault()?.To));

    private static Operation Message(World world, string key, AtpState atp)
    {
        var type = (MessageType)world.Random.Next(8);
        if (type == MessageType.Handoff) type = MessageType.Directive;
        var to = type == MessageType.HITLNotification ? "@operator" : world.Pick(World.Agents);
        return new Operation(key, Worker(world, atp), ActorId.Atp(atp.Id),
            new SendMessage(to, type, (Priority)world.Random.Next(4), "subject", $"body {key}."), $"body {key}.");
    }

    private static Operation Acknowledge(World world, string key, AtpState atp)
    {
        var open = atp.OpenMessages.ToList();
        if (open.Count == 0) return Message(world, key, atp);
        var message = world.Pick(open);
        return new Operation(key, world.Random.Next(8) == 0 ? world.Pick(World.Agents) : message.Value.To,
            ActorId.Atp(atp.Id), new AcknowledgeMessage(message.Key, $"ack {key}."), $"ack {key}.");
    }

    private static Operation? Settle(World world, string key, AtpState atp) =>
        atp.Approvals.IsEmpty
            ? null
            : new Operation(
                key, world.Random.Next(4) == 0 ? "@operator" : World.Roster.HandleFor(atp.Approvals[^1].Role), ActorId.Atp(atp.Id),
                new SettleApproval(atp.Approvals[^1].Id, new DecideApproval(world.Random.Next(4) > 0, Note: $"decided {key}.")));

    /// <summary>Mostly one that a row out of the state waits for, by the role that has to make it.</summary>
    private static Operation Artifact(World world, string key, AtpState atp)
    {
        var rows = FlowSet.Shipped.Find(atp.Flow)!.From(atp.Status).Where(row => !row.Requires.Artifacts.IsEmpty).ToList();
        if (rows.Count == 0) return Report(key, atp, "PMVerificationReport", "passed", "@pm");
        var row = world.Pick(rows);
        var wanted = world.Pick(row.Requires.Artifacts);
        var role = wanted.By ?? row.Role;
        return Report(
            key,
            atp,
            wanted.Type,
            wanted.Outcome,
            role is Roles.Any or Roles.AtpOwner ? Worker(world, atp) : World.Roster.HandleFor(role),
            wanted.Sections);
    }

    private static Operation Report(string key, AtpState atp, string type, string? outcome, string by, ImmutableArray<string> sections = default)
    {
        var filled = (sections.IsDefault ? [] : sections).Union(atp.Sections).Select(section => $"## {section}\n- [ ] one\n");
        return new Operation(
            key, by, ActorId.Atp(atp.Id), new CreateArtifact(type, $"report {key}.", string.Concat(filled), outcome), $"report {key}.");
    }
}
