using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IncidentActors.Testing;

/// <summary>A certificate authority, and PEM files of certificates that it issues.</summary>
public sealed class TestAuthority : IDisposable
{
    private const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    private const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    private readonly string folder = Directory.CreateTempSubdirectory("incident-ca-").FullName;
    private readonly X509Certificate2 authority;

    public TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        File.WriteAllText(Authority, authority.ExportCertificatePem());
    }

    /// <summary>PEM file of the authority's own certificate.</summary>
    public string Authority => Path.Combine(folder, "ca.crt");

    public (string Certificate, string Key) Silo(string name = "silo") => Issue(name, ServerUsage, ClientUsage);

    public (string Certificate, string Key) Client(string name = "client") => Issue(name, ClientUsage);

    /// <summary>Issues a certificate into the files of this name, also where there were others before.</summary>
    private (string Certificate, string Key) Issue(string name, params string[] usages)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. usages.Select(usage => new Oid(usage))], false));
        using var issued = request.Create(
            authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1), RandomNumberGenerator.GetBytes(16));
        var files = (Certificate: Path.Combine(folder, $"{name}.crt"), Key: Path.Combine(folder, $"{name}.key"));
        File.WriteAllText(files.Certificate, issued.ExportCertificatePem());
        File.WriteAllText(files.Key, key.ExportPkcs8PrivateKeyPem());
        return files;
    }

    public void Dispose()
    {
        authority.Dispose();
        Directory.Delete(folder, true);
    }
}
