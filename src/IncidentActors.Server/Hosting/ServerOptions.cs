using IncidentActors.Core.Policies;
using IncidentActors.Engine;
using IncidentActors.Engine.Journals;
using IncidentActors.Silo;
using IncidentActors.Silo.Access;
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

    /// <summary>Folder of the files whose paths the reports print; null if none is written.</summary>
    public string? Reports { get; init; }

    /// <summary>Connection string of PostgreSQL; null for SQLite in <see cref="Data"/>.</summary>
    public string? Journal { get; init; }

    /// <summary>How this silo is reached by other silos and by clients of grains. Which cluster it belongs to, <see cref="Journal"/> says.</summary>
    public SiloSettings Silo { get; init; } = new();

    /// <summary>The silo's ports may be reached from other machines although what passes there is neither encrypted nor authenticated.</summary>
    public bool SiloUnencrypted { get; init; }

    /// <summary>Roster file; null for the shipped one.</summary>
    public string? Roster { get; init; }

    /// <summary>Folder of additional flow files, or null.</summary>
    public string? Flows { get; init; }

    /// <summary>Routes file: rules from alerts to incidents, and halt conditions; null for the shipped one.</summary>
    public string? Routes { get; init; }

    /// <summary>File of permits: what agents may do outside; null: the shipped one.</summary>
    public string? Permits { get; init; }

    /// <summary>File of rules that say what is taken for a secret and not stored; null for the shipped ones.</summary>
    public string? Redaction { get; init; }

    /// <summary>How often halting is rehearsed with a canary; null: only when it is asked for.</summary>
    public TimeSpan? RehearseEvery { get; init; }

    /// <summary>File of runbooks; null for the shipped ones.</summary>
    public string? Runbooks { get; init; }

    /// <summary>Secret by which a runbook's webhook is signed, <c>whsec_…</c>; null: a new one at each start, that no receiver can check.</summary>
    public string? RunbookSecret { get; init; }

    /// <summary>Secret of the operator's token that is made while there is no token at all, or null.</summary>
    public string? FirstToken { get; init; }

    /// <summary>File of issuers with tokens that are accepted in addition to the server's own, or null.</summary>
    public string? Issuers { get; init; }

    /// <summary>The server's secret at the issuer with which people sign in to the pages, or null.</summary>
    public string? SignInSecret { get; init; }

    /// <summary>Time for an answer of the issuer.</summary>
    public TimeSpan IssuerTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Sites that are probed.</summary>
    public ProbeOptions Probes { get; init; } = new();

    /// <summary>What the deciders leave to their users.</summary>
    public Policy Policy { get; init; } = new();

    /// <summary>How many times as fast as the real clock the server's runs (<see cref="TrialClock"/>); null for the real clock.</summary>
    public double? ClockSpeed { get; init; }

    /// <summary>How long idempotency keys are known.</summary>
    public TimeSpan KeepKeys { get; init; } = new EngineOptions().KeyRetention;

    /// <summary>How long a node works on an effect before another one may take it over.</summary>
    public TimeSpan EffectLease { get; init; } = new EngineOptions().EffectLease;

    /// <summary>File with the private key that signs seals; null if they are not signed.</summary>
    public string? SealKey { get; init; }

    /// <summary>File outside of the journal to which the last seal is added every minute, or null.</summary>
    public string? SealLog { get; init; }

    /// <summary>Addresses instead of <see cref="Port"/> on loopback, or null.</summary>
    public string? Urls { get; init; }

    /// <summary>How webhooks go out.</summary>
    public DeliveryOptions Deliveries { get; init; } = new();

    /// <summary>Requests and grain calls per second that one token may make in the long run.</summary>
    public double RequestsPerSecond { get; init; } = TokenBuckets.DefaultPerSecond;

    /// <summary>Requests and grain calls that one token may make at once after a pause.</summary>
    public double RequestsAtOnce { get; init; } = TokenBuckets.DefaultAtOnce;

    /// <summary>Where an OTLP collector listens; null for the environment variable <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, or no export.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>Log lines as JSON objects instead of text.</summary>
    public bool JsonLogs { get; init; }

    /// <summary>Nothing but warnings in the log, and no greeting.</summary>
    public bool Quiet { get; init; }

    /// <summary>Stops when standard input ends: the server belongs to the process that holds the other end, and does not outlive it.</summary>
    public bool EndsWithInput { get; init; }

    /// <summary>How long a client of the event stream may read nothing before it is disconnected.</summary>
    public TimeSpan SlowestReader { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Changes what the engine runs with (clock, seeds, limits), or null.</summary>
    public Func<EngineOptions, EngineOptions>? Tune { get; init; }

    /// <summary>Decorates the opened journal (and its records), or null.</summary>
    public Func<IStore, IStore>? Around { get; init; }
}
