# frozen_string_literal: true

# A sign-in by SAML as GitLab does it: the real ruby-saml and omniauth-saml judge a response as Entra ID sends it. As JSON on standard input: the provider's args as
# gitlab.rb has them, the key and certificate that sign, and what else is in the response. As JSON on standard output: who signs in, or why not.
# Not checked: GitLab's own part, which makes an account of it; encrypted assertions; logout.

require 'base64'
require 'json'
require 'rack'
require 'omniauth'
require 'omniauth-saml'
require 'xml_security'

GIVEN = JSON.parse($stdin.read, symbolize_names: true)
ARGS = GIVEN[:args]
NOW = Time.now.utc
SAML = 'urn:oasis:names:tc:SAML:2.0'

def time(seconds) = (NOW + seconds).strftime('%Y-%m-%dT%H:%M:%SZ')

def text(value) = value.to_s.encode(xml: :text)

# What is signed names the prefixes of what is around it: these count for the signature.
def assertion
  attributes = GIVEN[:claims].map do |name, values|
    "<saml:Attribute Name=\"#{name}\">#{Array(values).map { |value| "<saml:AttributeValue>#{text(value)}</saml:AttributeValue>" }.join}</saml:Attribute>"
  end
  <<~XML.gsub(/\n\s*/, '')
    <saml:Assertion ID="_assertion" IssueInstant="#{time(0)}" Version="2.0" xmlns:saml="#{SAML}:assertion" xmlns:samlp="#{SAML}:protocol">
      <saml:Issuer>#{text(GIVEN[:issuer])}</saml:Issuer>
      <saml:Subject>
        <saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">#{text(GIVEN[:nameId])}</saml:NameID>
        <saml:SubjectConfirmation Method="#{SAML}:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="#{time(3600)}" Recipient="#{text(GIVEN[:recipient])}"/></saml:SubjectConfirmation>
      </saml:Subject>
      <saml:Conditions NotBefore="#{time(-300)}" NotOnOrAfter="#{time(3600)}"><saml:AudienceRestriction><saml:Audience>#{text(GIVEN[:audience])}</saml:Audience></saml:AudienceRestriction></saml:Conditions>
      <saml:AttributeStatement>#{attributes.join}</saml:AttributeStatement>
      <saml:AuthnStatement AuthnInstant="#{time(-300)}" SessionIndex="_session">
        <saml:AuthnContext><saml:AuthnContextClassRef>#{SAML}:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext>
      </saml:AuthnStatement>
    </saml:Assertion>
  XML
end

# Entra signs the assertion, unless told otherwise.
def signed
  return assertion unless GIVEN[:key]

  document = XMLSecurity::Document.new(assertion)
  document.sign_document(OpenSSL::PKey::RSA.new(GIVEN[:key]), OpenSSL::X509::Certificate.new(GIVEN[:certificate]), XMLSecurity::Document::RSA_SHA256, XMLSecurity::Document::SHA256)
  document.to_s
end

def response
  <<~XML.gsub(/\n\s*/, '')
    <samlp:Response ID="_response" Version="2.0" IssueInstant="#{time(0)}" Destination="#{text(GIVEN[:recipient])}" xmlns:samlp="#{SAML}:protocol">
      <Issuer xmlns="#{SAML}:assertion">#{text(GIVEN[:issuer])}</Issuer>
      <samlp:Status><samlp:StatusCode Value="#{SAML}:status:Success"/></samlp:Status>
      #{signed}
    </samlp:Response>
  XML
end

OmniAuth.config.logger = Logger.new(File::NULL)
OmniAuth.config.path_prefix = '/users/auth'
OmniAuth.config.on_failure = ->(env) { [401, {}, [JSON.generate(error: env['omniauth.error'].message)]] }
let_in = lambda do |env|
  who = env['omniauth.auth']
  [200, {}, [JSON.generate(uid: who.uid, name: who.info.name, email: who.info.email, nickname: who.info.nickname,
                           groups: who.extra.raw_info.multi('http://schemas.microsoft.com/ws/2008/06/identity/claims/groups'))]]
end
strategy = OmniAuth::Strategies::SAML.new(let_in, ARGS)
env = Rack::MockRequest.env_for(ARGS[:assertion_consumer_service_url], method: 'POST', params: { 'SAMLResponse' => Base64.strict_encode64(response) })
env['rack.session'] = {}
puts strategy.call(env).last.first
