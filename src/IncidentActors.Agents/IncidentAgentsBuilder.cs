using IncidentActors.Client;
using IncidentActors.Core.Agents;
using Orleans.Concurrency;

namespace IncidentActors.Agents;

/// <summary>The agents that a silo hosts. Every silo of one cluster hosts the same ones.</summary>
public sealed class IncidentAgentsBuilder
{
    internal IncidentAgentsBuilder()
    {
    }

    /// <summary>How often an agent reads its inbox although there is no news of it. Null: <c>IncidentActors:LookInterval</c> of the configuration, or
    /// 30 s.</summary>
    public TimeSpan? LookInterval { get; set; }

    internal Dictionary<string, (Type Type, Func<string?>? Token)> Agents { get; } = [];

    internal Action<IncidentClientOptions>? ConfigureClient { get; private set; }

    /// <summary>Hosts an agent. Its roles and its team are those of its token, or of the roster where the cluster has no tokens.</summary>
    /// <param name="handle">The agent's handle, <c>@dev</c>.</param>
    /// <param name="token">Gives its access token and is asked for each call; null: <c>IncidentActors:Tokens:dev</c> of the configuration.</param>
    /// <exception cref="ArgumentException">The handle is malformed or taken, or the class lets calls interleave.</exception>
    public IncidentAgentsBuilder Add<TAgent>(string handle, Func<string?>? token = null)
        where TAgent : HostedAgent
    {
        handle = Handle.Normalize(handle);
        if (!Handle.IsWellFormed(handle)) throw new ArgumentException($"'{handle}' is not a handle; one looks like '@dev'.", nameof(handle));
        if (typeof(TAgent).IsDefined(typeof(ReentrantAttribute), inherit: true) || typeof(TAgent).IsDefined(typeof(MayInterleaveAttribute), inherit: true))
            throw new ArgumentException($"{typeof(TAgent).Name} must not interleave calls: an agent does one thing at a time.", nameof(handle));
        if (!Agents.TryAdd(handle, (typeof(TAgent), token))) throw new ArgumentException($"{handle} is hosted already.", nameof(handle));
        return this;
    }

    /// <summary>Sets the options of the client, after section <c>IncidentActors</c> of the configuration.</summary>
    public IncidentAgentsBuilder Client(Action<IncidentClientOptions> configure)
    {
        ConfigureClient += configure;
        return this;
    }
}
