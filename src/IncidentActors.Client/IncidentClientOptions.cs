using IncidentActors.Silo;

namespace IncidentActors.Client;

/// <summary>Section <c>IncidentActors</c> of the configuration. Either <see cref="ConnectionString"/> or <see cref="Gateways"/> says where the
/// cluster is.</summary>
public sealed class IncidentClientOptions
{
    public const string Section = "IncidentActors";

    /// <summary>The cluster's PostgreSQL database in Npgsql's keywords, where the silos' gateways are found. The service references the package
    /// Npgsql.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Gateways of silos, <c>10.0.0.1:30000</c> or <c>silo-0.example:30000</c>.</summary>
    public IList<string> Gateways { get; set; } = [];

    /// <summary>Orleans cluster id; must equal that of the silos.</summary>
    public string ClusterId { get; set; } = "incident-actors";

    /// <summary>Orleans service id; must equal that of the silos.</summary>
    public string ServiceId { get; set; } = "incident-actors";

    /// <summary>The caller, <c>@checkout</c>: the token's holder. Null: commands are made in the name of the token's holder, and no messages are
    /// received.</summary>
    public string? Handle { get; set; }

    /// <summary>Access token of <c>incident token create</c>, or a JWT of an issuer that the cluster trusts. Read again for each call. Null: the
    /// cluster has no tokens.</summary>
    public string? Token { get; set; }

    /// <summary>Certificates where the gateways demand TLS.</summary>
    public SiloTls? Tls { get; set; }

    /// <summary>Response timeout of one attempt. After it the command is sent again with the same idempotency key.</summary>
    public TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often an incident, a halt, a permit or an inbox is read while it is watched.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);
}
