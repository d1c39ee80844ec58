using IncidentActors.Core.Policies;
using IncidentActors.Engine;
using IncidentActors.Engine.Journals;
using IncidentActors.Orleans;
using IncidentActors.Server.Probes;
using IncidentActors.Server.Deliveries;

namespace IncidentActors.Server.Hosting;

/// <summary>What a server runs with: the command line's options, and what tests put in their place.</summary>
public sealed record ServerOptions
{
    /// <summary>0: any free port.</summary>
    public int Port { get; init; } = 7070;

    /// <summary>Folder of the journal (unless <see cref="Journal"/> is given) and of artifacts' files; made when missing.</summary>
    public string Data { get; init; } = "./data";

    /// <summary>Connection string of PostgreSQL, or null: SQLite in <see cref="Data"/>.</summary>
    public string? Journal { get; init; }

    /// <summary><c>embedded</c> or <c>orleans</c>; null: <see cref="RunningEngine.Default"/>.</summary>
    public string? Engine { get; init; }

    /// <summary>For the Orleans engine: how this silo is reached. Where the cluster is, <see cref="Journal"/> says.</summary>
    public OrleansSettings Silo { get; init; } = new();

    /// <summary>Roster file, or null: the shipped one.</summary>
    public string? Roster { get; init; }

    /// <summary>Folder of flow files beside the shipped ones, or null.</summary>
    public string? Flows { get; init; }

    /// <summary>File of halt conditions, or null: the shipped ones.</summary>
    public string? Conditions { get; init; }

    /// <summary>File of runbooks, or null: the shipped ones.</summary>
    public string? Runbooks { get; init; }

    /// <summary>Secret by which a runbook's webhook is signed, <c>whsec_…</c>; null: a new one at each start, that no receiver can check.</summary>
    public string? RunbookSecret { get; init; }

    /// <summary>Secret of the operator's token that is made while there is no token at all, or null.</summary>
    public string? FirstToken { get; init; }

    /// <summary>Sites that are probed.</summary>
    public ProbeOptions Probes { get; init; } = new();

    /// <summary>Name of a clock policy: SPEC §1.</summary>
    public string Clocks { get; init; } = ClockPolicy.Strict;

    /// <summary>How long idempotency keys are known.</summary>
    public TimeSpan KeepKeys { get; init; } = new EngineOptions().KeyRetention;

    /// <summary>How long a node works on an effect before another one may take it over.</summary>
    public TimeSpan EffectLease { get; init; } = new EngineOptions().EffectLease;

    /// <summary>Addresses instead of <see cref="Port"/> on loopback, or null.</summary>
    public string? Urls { get; init; }

    /// <summary>How webhooks go out.</summary>
    public DeliveryOptions Deliveries { get; init; } = new();

    /// <summary>Requests per second that one token may make in the long run.</summary>
    public double RequestsPerSecond { get; init; } = 200;

    /// <summary>Requests that one token may make at once after a pause.</summary>
    public double RequestsAtOnce { get; init; } = 1000;

    /// <summary>Where an OTLP collector listens, or null: the environment variable <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says, or nothing is exported.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>Log lines as JSON objects instead of text.</summary>
    public bool JsonLogs { get; init; }

    /// <summary>Nothing but warnings in the log, and no greeting.</summary>
    public bool Quiet { get; init; }

    /// <summary>Stops when standard input ends: the server belongs to the process that holds the other end, and does not outlive it.</summary>
    public bool EndsWithInput { get; init; }

    /// <summary>How long a reader of the event stream may take nothing before it is dropped.</summary>
    public TimeSpan SlowestReader { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Changes what the engine runs with (clock, seeds, limits), or null.</summary>
    public Func<EngineOptions, EngineOptions>? Tune { get; init; }

    /// <summary>Puts something around the opened journal, which keeps the records beside it too; or null.</summary>
    public Func<IJournal, IJournal>? Around { get; init; }
}
