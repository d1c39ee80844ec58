using System.Security.Cryptography;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Flows;
using IncidentActors.Core.Permits;
using IncidentActors.Core.Policies;
using IncidentActors.Core.Redaction;
using IncidentActors.Core.Routes;
using IncidentActors.Core.Runbooks;

namespace IncidentActors.Engine;

/// <summary>What an engine runs with.</summary>
public sealed record EngineOptions
{
    /// <summary>This node's name: unique among the nodes of one journal, at every start a new one.</summary>
    public string Node { get; init; } = $"{Environment.MachineName}-{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}";
    public Policy Policy { get; init; } = new();
    public Roster Roster { get; init; } = RosterYaml.Shipped();
    public RouteSet Routes { get; init; } = RouteSet.Shipped;
    public RunbookSet Runbooks { get; init; } = RunbookSet.Shipped;
    public PermitPolicy Permits { get; init; } = PermitPolicy.Shipped;

    /// <summary>What is taken for a secret in incoming texts, and not stored.</summary>
    public RedactionRules Redaction { get; init; } = RedactionRules.Shipped;

    /// <summary>Until when a permit holds that was granted before this start, perhaps by a policy that gave more time.</summary>
    public DateTimeOffset PermitsHeldUntil { get; init; }

    public FlowSet Flows { get; init; } = FlowSet.Shipped;
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where ids come from: eight characters of Crockford's base 32, new at each call.</summary>
    public Func<string> Seeds { get; init; } = () => RandomNumberGenerator.GetString("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 8);

    /// <summary>Turns that may wait for a commit; beyond that, callers get 503 and must retry.</summary>
    public int QueueCapacity { get; init; } = 20_000;

    /// <summary>Turns in one transaction at most.</summary>
    public int MaxBatchSize { get; init; } = 500;

    /// <summary>How long a node works on an effect before another may take it over.</summary>
    public TimeSpan EffectLease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the first answer under an idempotency key is given again; after that the key is new. Longer than any caller tries again.</summary>
    public TimeSpan KeyRetention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Effects in work at the same time.</summary>
    public int EffectsAtOnce { get; init; } = 64;

    /// <summary>How often new events are sealed; null: never.</summary>
    public TimeSpan? SealInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The private key (PEM, P-256) by which seals are signed; null if they are not signed.</summary>
    public string? SealKey { get; init; }

    /// <summary>A file to which the last seal is added every minute and at the end, or null.</summary>
    public string? SealLog { get; init; }
}
