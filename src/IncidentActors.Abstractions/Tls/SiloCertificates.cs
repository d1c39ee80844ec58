using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Orleans.Connections.Security;

namespace IncidentActors.Silo.Tls;

/// <summary>The certificates of <see cref="SiloTls"/> as they are now, and the requirements for the peer's certificate.</summary>
internal sealed partial class SiloCertificates(SiloTls files, ILogger log)
{
    private const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    private const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    private readonly Lock reading = new();
    private (X509Certificate2 Own, X509Certificate2Collection Authorities)? known;

    /// <summary>Between silos, and of clients towards a silo: the other side is a silo.</summary>
    public TlsOptions OfSilos() => Options(ServerUsage);

    /// <summary>At the gateway: the other side is a client.</summary>
    public TlsOptions OfClients() => Options(ClientUsage);

    public static (X509Certificate2 Own, X509Certificate2Collection Authorities) Read(SiloTls files)
    {
        var own = X509Certificate2.CreateFromPemFile(files.Certificate!, files.Key!);
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(files.Authority!);
        return authorities.Count > 0 ? (own, authorities) : throw new CryptographicException($"{files.Authority} holds no certificate.");
    }

    private TlsOptions Options(string usage) => new()
    {
        LocalServerCertificateSelector = (_, _) => Current().Own,
        LocalClientCertificateSelector = (_, _, _, _, _) => Current().Own,
        RemoteCertificateMode = RemoteCertificateMode.RequireCertificate,
        ClientCertificateMode = RemoteCertificateMode.AllowCertificate,
        RemoteCertificateValidation = (certificate, chain, _) => IsTrusted(certificate, chain, usage),
    };

    /// <summary>While the files are being replaced they may not match; until they do, the last matching pair is used.</summary>
    private (X509Certificate2 Own, X509Certificate2Collection Authorities) Current()
    {
        lock (reading)
        {
            try
            {
                known = Read(files);
            }
            catch (Exception error) when (known is not null && SiloTls.IsUnreadable(error))
            {
                LogUnreadable(log, error);
            }

            return known!.Value;
        }
    }

    /// <summary>Addresses of silos change, so no name is checked: every certificate of the cluster's authority is trusted.</summary>
    private bool IsTrusted(X509Certificate2 certificate, X509Chain? sent, string usage)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(Current().Authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(usage));
        if (sent is not null) chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        if (chain.Build(certificate) && HasUsage(certificate, usage)) return true;
        LogUntrusted(log, certificate.Subject, string.Join(", ", chain.ChainStatus.Select(status => status.Status)));
        return false;
    }

    /// <summary>A certificate without key usages passes the chain check for every usage, so it is refused here.</summary>
    private static bool HasUsage(X509Certificate2 certificate, string usage) => certificate.Extensions
        .OfType<X509EnhancedKeyUsageExtension>().Any(extension => extension.EnhancedKeyUsages.Cast<Oid>().Any(oid => oid.Value == usage));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The silo's certificate files cannot be read; the last valid ones stay in use")]
    private static partial void LogUnreadable(ILogger log, Exception error);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "A connection with the certificate of {Subject} is refused: not of this cluster, or not for this port. {Problems}")]
    private static partial void LogUntrusted(ILogger log, string subject, string problems);
}
