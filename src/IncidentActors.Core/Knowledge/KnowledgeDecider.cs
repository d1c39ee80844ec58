using System.Text.Json.Serialization;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Incidents;

namespace IncidentActors.Core.Knowledge;

/// <summary>Base of what can be asked of an entry's actor.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
[JsonDerivedType(typeof(ImportKnowledge), "import-knowledge")]
public abstract record KnowledgeCommand : ICommand;

/// <summary>An entry from a file. Importing an unchanged entry changes nothing.</summary>
public sealed record ImportKnowledge(KnowledgeEntry Entry) : KnowledgeCommand;

/// <summary>Decisions about one entry. Entries about incidents are written by artifacts (<see cref="KnowledgeArtifact"/>); files are imported here.</summary>
public static class KnowledgeDecider
{
    public static Decision Decide(string id, KnowledgeState? state, KnowledgeCommand command, World world)
    {
        if (OwnerOverride.Check(world.Caller) is { } refused) return refused;
        var decision = DecideByRules(id, state, command, world);
        if (decision.Rejected is { } rejected) return OwnerOverride.Hint(rejected, world.Caller);
        return world.Caller.Override is { } reason && decision.Changes.Any()
            ? decision.Add(ActorId.Knowledge(id), new KnowledgeOverridden(OwnerOverride.NameOf(command), reason))
            : decision;
    }

    private static Decision DecideByRules(string id, KnowledgeState? state, KnowledgeCommand command, World world) => command switch
    {
        _ when TurnBoundary.Check(world.Caller) is { } ended => ended,
        ImportKnowledge import when !IsWellFormed(id) => Rejected.Malformed(
            Rules.KnowledgeMalformed, $"'{import.Entry.Id}' is not an entry's id; one looks like 'KB-2026-11-21-001'."),
        ImportKnowledge import when state is not null && KnowledgeFile.Format(state.Entry) == KnowledgeFile.Format(import.Entry) => new Decision(),
        ImportKnowledge import => Import(id, import.Entry, world),
        _ => throw new InvalidOperationException($"a knowledge entry cannot handle the command {command.GetType().Name}"),
    };

    /// <summary>An entry about an incident that is known here counts as its entry.</summary>
    private static Decision Import(string id, KnowledgeEntry entry, World world)
    {
        var decision = new Decision().Add(ActorId.Knowledge(id), new KnowledgeWritten(entry, null));
        return world.Incident(entry.IncidentId) is { } incident ? decision.Add(ActorId.Incident(incident.Id), new IncidentKnowledgeJoined(id)) : decision;
    }

    public static Rejected Unknown(string id) =>
        Rejected.Unknown(Rules.KnowledgeUnknown, $"There is no knowledge entry {id}; search with knowledge_search.");

    /// <summary>Begins with <c>KB-</c>, then letters, digits, dots, dashes or underscores, at most 64 characters.</summary>
    public static bool IsWellFormed(string id) =>
        id.StartsWith("KB-", StringComparison.Ordinal) && id.Length is > 3 and <= 64
        && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
