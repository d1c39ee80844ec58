using System.Security.Cryptography;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Halts.Conditions;
using IncidentActors.Core.Policies;
using IncidentActors.Core.Runbooks;

namespace IncidentActors.Engine;

/// <summary>What an engine runs with.</summary>
public sealed record EngineOptions
{
    /// <summary>This node's name: unique among the nodes of one journal, at every start a new one.</summary>
    public string Node { get; init; } = $"{Environment.MachineName}-{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}";
    public Policy Policy { get; init; } = new();
    public Roster Roster { get; init; } = RosterYaml.Shipped();
    public ConditionSet Conditions { get; init; } = ConditionSet.Shipped;
    public RunbookSet Runbooks { get; init; } = RunbookSet.Shipped;
    public FlowSet Flows { get; init; } = FlowSet.Shipped;
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where ids come from: eight characters of Crockford's base 32, new at each call.</summary>
    public Func<string> Seeds { get; init; } = () => RandomNumberGenerator.GetString("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 8);

    /// <summary>Turns that may wait for a commit; above it callers are told to come again (503).</summary>
    public int QueueCapacity { get; init; } = 20_000;

    /// <summary>Turns in one transaction at most.</summary>
    public int MostPerCommit { get; init; } = 500;

    /// <summary>States kept in memory, in each of two generations.</summary>
    public int CachedStates { get; init; } = 50_000;

    /// <summary>How long a node works on an effect before another may take it over.</summary>
    public TimeSpan EffectLease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the first answer under an idempotency key is given again; after that the key is new. Longer than any caller tries again.</summary>
    public TimeSpan KeyRetention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Effects in work at the same time.</summary>
    public int EffectsAtOnce { get; init; } = 64;
}
