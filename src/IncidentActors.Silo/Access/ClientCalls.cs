using System.Collections.Frozen;
using System.Text.Json;
using IncidentActors.Core.Agents;
using IncidentActors.Core.Atps;
using IncidentActors.Core.Decisions;
using IncidentActors.Core.Halts;
using IncidentActors.Core.Incidents;
using IncidentActors.Core.Json;
using IncidentActors.Core.Knowledge;
using IncidentActors.Core.Permits;
using IncidentActors.Core.Texts;
using IncidentActors.Engine;
using IncidentActors.Engine.Access;
using IncidentActors.Engine.Journals;
using IncidentActors.Engine.Telemetry;
using IncidentActors.Engine.Turns;
using IncidentActors.Silo.Agents;
using IncidentActors.Silo.Atps;
using IncidentActors.Silo.Halts;
using IncidentActors.Silo.Incidents;
using IncidentActors.Silo.Knowledge;
using IncidentActors.Silo.Permits;
using IncidentActors.Silo.Wire;
using Microsoft.Extensions.Logging;

namespace IncidentActors.Silo.Access;

/// <summary>
/// A call without a silo's seal comes from outside. It reaches the interfaces of <see cref="Open"/> only, needs a token like a request over
/// HTTP, and is made in the name of the token's holder; the caller in its record is ignored.
/// </summary>
internal sealed partial class ClientCalls : IIncomingGrainCallFilter
{
    /// <summary>What Orleans' client asks before its first call: which grains there are.</summary>
    private const string Manifest = "Orleans.Runtime.IClusterManifestSystemTarget";

    /// <summary>Maximum size of a command as JSON; the same as of a request body over HTTP.</summary>
    private const int MaxCommandBytes = 1024 * 1024;

    private static readonly FrozenSet<Type> Open =
    [
        typeof(IIncident), typeof(IIncidentGrain), typeof(IAtp), typeof(IAtpGrain), typeof(IAgent), typeof(IAgentGrain), typeof(IHalt),
        typeof(IHaltGrain), typeof(IKnowledge), typeof(IKnowledgeGrain), typeof(IDeclarationGrain), typeof(IPermitGrain), typeof(IInboxNewsGrain),
    ];

    private readonly SiloSeal seal;
    private readonly TokenRecords tokens;
    private readonly ICredentials credentials;
    private readonly TokenBuckets buckets;
    private readonly AccessPolicy policy;
    private readonly TimeProvider time;
    private readonly System.Diagnostics.Metrics.Counter<long> refused;
    private readonly LineBudget lines;
    private readonly ILogger log;

    public ClientCalls(
        SiloSeal seal, TokenRecords tokens, ICredentials credentials, TokenBuckets buckets, AccessPolicy policy, EngineOptions options, TurnExecutor turns,
        ILogger<ClientCalls> log)
    {
        (this.seal, this.tokens, this.credentials, this.buckets, this.policy, this.log) = (seal, tokens, credentials, buckets, policy, log);
        time = options.Time;
        refused = turns.Metrics.Counter(MetricCatalogue.AccessRefused);
        lines = new LineBudget(TimeProvider.System);
    }

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (seal.TakeOff() || !IsSent(context) || context.InterfaceName == Manifest)
        {
            await context.Invoke();
            return;
        }

        switch (await RefusalAsync(context, CallToken.TakeOff()))
        {
            case Rejected no:
                Count(context, no.Rule);
                context.Result = Refusals.Of(context, no) ?? throw new UnauthorizedAccessException($"{no.Rule}: {no.Sentence}");
                return;
            case Unavailable later:
                Count(context, Rules.TokenRate);
                context.Result = Refusals.Of(context, later) ?? throw new JournalUnavailableException(later.Sentence, notApplied: true);
                return;
            default:
                await context.Invoke();
                return;
        }
    }

    private void Count(IIncomingGrainCallContext context, string rule)
    {
        refused.Add(1, new KeyValuePair<string, object?>(Names.Rule, rule));
        if (lines.Take()) LogRefused(log, SafeText.OneLine(context.InterfaceName), SafeText.OneLine(context.MethodName), rule);
    }

    /// <summary>A timer's tick is not a request: it is made in this process and cannot be sent. Answers to clients are for them.</summary>
    private static bool IsSent(IIncomingGrainCallContext context) => context.Request is RequestBase && !context.TargetId.IsClient();

    /// <summary>Why the call is not made, or <see cref="Unavailable"/>: later, since its token has called too often; null: it may be made.</summary>
    private async Task<Outcome?> RefusalAsync(IIncomingGrainCallContext context, string? secret)
    {
        if (!Open.Contains(context.InterfaceMethod.DeclaringType!) || Home(context.TargetId) is not (true, var home)) return Internal(context.InterfaceName);
        TokenRights? rights = null;
        DateTimeOffset? signedInAt = null;
        if (await tokens.AnyAsync(CancellationToken.None))
        {
            if (secret is null) return TokenRefusals.Missing;
            (var token, signedInAt) = await credentials.FindAsync(secret, CancellationToken.None);
            if (token is not { OfSource: false }) return TokenRefusals.Unknown;
            if (TokenRefusals.Ended(token, time.GetUtcNow()) is { } ended) return ended;
            if (buckets.Refusal(token.Id) is { } later) return TokenRefusals.TooMany(token, later);
            rights = token.Rights;
        }

        return await CommandRefusalAsync(context.Request, home, rights, signedInAt);
    }

    private async Task<Rejected?> CommandRefusalAsync(
        Orleans.Serialization.Invocation.IInvokable request, ActorId? home, TokenRights? rights, DateTimeOffset? signedInAt)
    {
        ICommand command = new FetchInbox();
        var place = -1;
        for (var i = 0; i < request.GetArgumentCount(); i++)
        {
            if (request.GetArgument(i) is Call) place = i;
            else if (request.GetArgument(i) is ICommand given) command = given;
        }

        if (place < 0) return null;
        var (call, refusal) = OutsideCall.Of((Call)request.GetArgument(place)!, rights, signedInAt);
        if (refusal is not null) return refusal;
        request.SetArgument(place, call!);
        if (home is { Kind: ActorKind.Agent } agent && agent.Key != call!.By)
            return Rejected.Role(Rules.CallerMismatch, $"{call.By} called for {agent.Key}; an agent acts under its own handle only.", [call.By]);
        var name = command.GetType().Name;
        if (JsonSerializer.SerializeToUtf8Bytes(command, CoreJson.Options).Length > MaxCommandBytes)
            return Rejected.Malformed(Rules.ArgumentTooLong, $"{name} is larger than {MaxCommandBytes / 1024} KiB; send less at once.");
        if (command is RequestPermit { IsWellFormed: false })
            return Rejected.Malformed(Rules.ArgumentMalformed, $"Each word of a permit has {RequestPermit.WordForm}.");
        if ((command is FetchInbox ? [] : ClientCommands.Touches(home, command)) is not { } touched) return Internal(name);
        return AccessPolicy.Check(rights, name, changes: true, CommandAccess.Own) ?? await policy.CheckTouchedAsync(rights, touched, CancellationToken.None);
    }

    /// <summary>The actor of a grain; null: the grains of declarations and of news have none. Not found: a grain that no client calls.</summary>
    private static (bool Found, ActorId? Home) Home(GrainId grain)
    {
        var key = grain.Key.ToString()!;
        ActorId? home = grain.Type.ToString() switch
        {
            "incident" => ActorId.Incident(key),
            "atp" => ActorId.Atp(key),
            "agent" => ActorId.Agent(key),
            "halt" => ActorId.Halt(key),
            "knowledge" => ActorId.Knowledge(key),
            "permit" => ActorId.Permit(key),
            _ => null,
        };
        if (home is null) return (grain.Type.ToString() is "declaration" or "inbox-news", null);
        return (home is { Kind: ActorKind.Agent } || IdShape.IsWellFormed(key), home);
    }

    private static Rejected Internal(string name) =>
        Rejected.Role(Rules.CallInternal, $"{SafeText.OneLine(name)} is the system's own, or the actor's id is malformed; clients do not send it.");

    [LoggerMessage(Level = LogLevel.Warning, Message = "A client's call of {Interface}.{Method} is refused by {Rule}")]
    private static partial void LogRefused(ILogger log, string @interface, string method, string rule);
}
